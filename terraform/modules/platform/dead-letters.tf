# Events that could not be delivered, and those whose function failed to the end. The reconciler does their work a minute later; they are
# kept to be read.

locals {
  # From the resource's name, which the plan knows: whoever uses the ARN waits for the queue, and is still readable in the plan.
  dead_letter_queue_arn = "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${aws_sqs_queue.dead_letters.name}"
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name_prefix}-dead-letters"
  message_retention_seconds = 1209600 # 14 days, the longest
  sqs_managed_sse_enabled   = local.encryption_key == null ? true : null
  kms_master_key_id         = one(local.encryption_key[*].arn)
  tags                      = var.tags
}

data "aws_iam_policy_document" "dead_letters" {
  statement {
    sid       = "KeepUndeliveredEvents"
    actions   = ["sqs:SendMessage"]
    resources = [local.dead_letter_queue_arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = local.rule_arns
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.url
  policy    = data.aws_iam_policy_document.dead_letters.json
}
