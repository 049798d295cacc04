data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "Runs the function ${var.name}."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${var.name}:log-stream:*"]
  }

  dynamic "statement" {
    for_each = var.statements

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

  dynamic "statement" {
    for_each = var.asynchronous == null ? [] : var.asynchronous.dead_letter_queue_arn[*]

    content {
      sid       = "KeepFailedEvents"
      actions   = ["sqs:SendMessage"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.asynchronous == null ? [] : var.asynchronous.failure_function_arn[*]

    content {
      sid       = "TellFailedEvents"
      actions   = ["lambda:InvokeFunction"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = length(var.queues) == 0 ? [] : [1]

    content {
      sid       = "TakeMessages"
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = values(var.queues)[*].arn
    }
  }

  dynamic "statement" {
    for_each = var.tracing ? [1] : []

    content {
      sid       = "Trace"
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = ["*"] # X-Ray has no resource for these two.
    }
  }

  # Lambda makes, finds and removes the function's network interfaces with the function's role. A subnet or group may be another account's,
  # shared; its id is unique without the account.
  dynamic "statement" {
    for_each = var.vpc[*]

    content {
      sid     = "MakeInterfaces"
      actions = ["ec2:CreateNetworkInterface"]
      resources = concat(
        ["${local.ec2_arn}:${local.account_id}:network-interface/*"],
        [for id in statement.value.subnet_ids : "${local.ec2_arn}:*:subnet/${id}"],
        [for id in statement.value.security_group_ids : "${local.ec2_arn}:*:security-group/${id}"],
      )
    }
  }

  dynamic "statement" {
    for_each = var.vpc[*]

    content {
      sid       = "RemoveInterfaces"
      actions   = ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
      resources = ["${local.ec2_arn}:${local.account_id}:*/*"] # Lambda refuses a role that may not delete under every id.
    }
  }

  dynamic "statement" {
    for_each = var.vpc[*]

    content {
      sid       = "FindInterfaces"
      actions   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
      resources = ["*"] # EC2 has no resource for what it describes.
    }
  }

  # All that is for Lambda alone: the function's own code may do none of it.
  dynamic "statement" {
    for_each = var.vpc[*]

    content {
      sid    = "LeaveInterfacesToLambda"
      effect = "Deny"
      actions = [
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "lambda:SourceFunctionArn"
        values   = [local.arn]
      }
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "own-work"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.this.json
}

# On its own, because a key's ARN is known only after the key is made: everything above stays readable in the plan.
data "aws_iam_policy_document" "key" {
  count = var.encryption_key == null ? 0 : 1

  statement {
    sid       = "UseKeyThroughServices"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.encryption_key.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in ["dynamodb", "sns", "sqs"] : "${service}.${data.aws_region.current.id}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

resource "aws_iam_role_policy" "key" {
  count = var.encryption_key == null ? 0 : 1

  name   = "encryption-key"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.key[0].json
}
