# What baton callbacks needs to look at callbacks of every kind and to settle them by hand: a policy for a role that operators have, or a
# role that they may take. To stop a job needs no right on hosts: its worker is told at its next heartbeat.

data "aws_iam_policy_document" "operator" {
  dynamic "statement" {
    for_each = local.operator_statements

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

data "aws_iam_policy_document" "operator_with_key" {
  count = local.encryption_key == null ? 0 : 1

  source_policy_documents = [data.aws_iam_policy_document.operator.json]

  statement {
    sid       = "ReadStoredTokens"
    actions   = ["kms:Decrypt"]
    resources = [local.encryption_key.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${local.region}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

locals {
  operator_policy = local.encryption_key == null ? data.aws_iam_policy_document.operator.json : data.aws_iam_policy_document.operator_with_key[0].json
}

resource "aws_iam_policy" "operator" {
  name        = "${var.name_prefix}-operator"
  description = "Looks at callbacks of ${var.name_prefix} and settles them by hand."
  policy      = local.operator_policy
  path        = var.role_path
  tags        = var.tags
}

data "aws_iam_policy_document" "operators" {
  count = length(var.operator_arns) > 0 ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = var.operator_arns
    }
  }
}

resource "aws_iam_role" "operator" {
  count = length(var.operator_arns) > 0 ? 1 : 0

  name                 = "${var.name_prefix}-operator"
  description          = "Looks at callbacks of ${var.name_prefix} and settles them by hand."
  assume_role_policy   = data.aws_iam_policy_document.operators[0].json
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "operator" {
  count = length(var.operator_arns) > 0 ? 1 : 0

  name   = "callbacks"
  role   = aws_iam_role.operator[0].name
  policy = local.operator_policy
}
