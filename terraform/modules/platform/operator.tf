# What a person needs who looks at callbacks and settles them by hand: a policy, to be attached to the role that operators already take.

data "aws_iam_policy_document" "operator" {
  statement {
    sid       = "LookAtCallbacks"
    actions   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    resources = concat([local.table_arn], values(module.callback_store.index_arns))
  }

  statement {
    sid       = "RecordWhoSettled"
    actions   = ["dynamodb:PutItem"]
    resources = [local.table_arn]
  }

  statement {
    sid       = "SettleTasks"
    actions   = local.settle_tasks.actions
    resources = local.settle_tasks.resources
  }

  statement {
    sid       = "ReadExecutions"
    actions   = local.read_executions.actions
    resources = local.read_executions.resources
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

resource "aws_iam_policy" "operator" {
  name        = "${var.name_prefix}-operator"
  description = "Looks at callbacks of ${var.name_prefix} and settles them by hand."
  policy      = local.encryption_key == null ? data.aws_iam_policy_document.operator.json : data.aws_iam_policy_document.operator_with_key[0].json
  tags        = var.tags
}
