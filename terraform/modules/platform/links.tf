# The keys that sign the links of approvers and partners. They never leave KMS: no secret stands in the state or in an environment.

locals {
  # KMS does not rotate HMAC keys: a new name in front signs from then on, and the others verify what they have signed.
  link_key_aliases = [for name in var.link_keys : "alias/${var.name_prefix}-links-${name}"]

  # By alias: a key's ARN is known only after the key is made, and the plan shows this. By the alias that the request names, because that counts
  # at once: which aliases a key has (kms:ResourceAliases) may count five minutes after it has them, and no link was signed until then.
  any_key_with_link_alias = ["arn:${local.partition}:kms:${local.region}:${local.account_id}:key/*"]

  link_signers   = concat(["dispatcher"], var.mail == null ? [] : ["completer-mail"])
  link_verifiers = ["completer-approvals", "completer-webhooks"]
}

resource "aws_kms_key" "link" {
  for_each = toset(var.link_keys)

  description              = "Signs links of ${var.name_prefix} (${each.key})."
  customer_master_key_spec = "HMAC_256"
  key_usage                = "GENERATE_VERIFY_MAC"
  deletion_window_in_days  = 30
  policy                   = data.aws_iam_policy_document.link_key.json
  tags                     = var.tags
}

resource "aws_kms_alias" "link" {
  for_each = aws_kms_key.link

  name          = "alias/${var.name_prefix}-links-${each.key}"
  target_key_id = each.value.key_id
}

data "aws_iam_policy_document" "link_key" {
  statement {
    sid       = "AdministerByIam"
    actions   = local.key_administration
    resources = ["*"] # A key's own policy means this key.

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  dynamic "statement" {
    for_each = { Sign = ["kms:GenerateMac", local.link_signers], Verify = ["kms:VerifyMac", local.link_verifiers] }

    content {
      sid       = "${statement.key}Links"
      actions   = [statement.value[0]]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:PrincipalArn"
        values   = [for function in statement.value[1] : "arn:${local.partition}:iam::${local.account_id}:role${var.role_path}${var.name_prefix}-${function}"]
      }
    }
  }
}
