# The roles that GitHub's workflows take, without a key that lives longer than a job: one that reads and plans, one that applies. Each is
# bound to one GitHub environment of one repository. What they may do stands in reads.tf and writes.tf.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  issuer       = "token.actions.githubusercontent.com"
  provider_arn = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.issuer}"

  # GitHub sends the ids with the names of repositories that were made, renamed or transferred since 2026-07-15.
  subjects = concat([var.repository], [
    for ids in var.repository_ids[*] : "${split("/", var.repository)[0]}@${ids.owner}/${split("/", var.repository)[1]}@${ids.repository}"
  ])

  # Not NAME_PREFIX-...: the apply role changes roles that begin so, and must not reach itself.
  environments = {
    plan  = { github = "${var.environment}-plan", name = "github-${var.name_prefix}-${var.environment}-plan" }
    apply = { github = var.environment, name = "github-${var.name_prefix}-${var.environment}-apply" }
  }
}

resource "aws_iam_openid_connect_provider" "this" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
  tags           = var.tags
}

data "aws_iam_policy_document" "trust" {
  for_each = local.environments

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Exactly: a branch, a pull request or another environment has another subject.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = [for repository in local.subjects : "repo:${repository}:environment:${each.value.github}"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.environments

  name                 = each.value.name
  description          = "Taken by the workflows of ${var.repository} in the GitHub environment ${each.value.github}."
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  depends_on = [aws_iam_openid_connect_provider.this]
}

# Managed policies: together they are larger than what a role holds inline.
data "aws_iam_policy_document" "this" {
  for_each = { read = local.reads, write = local.writes, identity = local.identity_writes, state = local.state_writes }

  dynamic "statement" {
    for_each = each.value

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = lookup(statement.value, "conditions", {})

        content {
          test     = "StringEquals"
          variable = condition.key
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_iam_policy" "this" {
  for_each = data.aws_iam_policy_document.this

  name        = "github-${var.name_prefix}-${var.environment}-${each.key}"
  description = "What the workflows of ${var.repository} may ${each.key == "read" ? "read" : "change"} of ${var.environment}."
  policy      = each.value.minified_json
  tags        = var.tags

  lifecycle {
    precondition {
      condition     = length(each.value.minified_json) <= 6144
      error_message = "A managed policy holds 6144 characters, and this one has ${length(each.value.minified_json)}: shorten name_prefix, or the key of the state."
    }
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { plan-read = ["plan", "read"], apply-read = ["apply", "read"], apply-write = ["apply", "write"], apply-identity = ["apply", "identity"], apply-state = ["apply", "state"] }

  role = aws_iam_role.this[each.value[0]].name
  # From the policy's name, which the plan knows.
  policy_arn = "arn:${local.partition}:iam::${local.account_id}:policy/${aws_iam_policy.this[each.value[1]].name}"
}
