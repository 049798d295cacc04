# The queues of the wiring: reports of workers that cannot wait for an answer, and what nobody could read.

locals {
  # From the resource's name, which the plan knows: whoever uses an ARN waits for the queue, and is still readable in the plan.
  queue_arns = { for name, queue in merge(aws_sqs_queue.last, aws_sqs_queue.first) :
  name => "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${queue.name}" }
}

# Where messages end: SQS refuses to name one that is not there, so they are made before the others.
resource "aws_sqs_queue" "last" {
  for_each = { for name, queue in local.queues : name => queue if !can(queue.redrive) }

  name                       = "${var.name_prefix}-${each.key}"
  visibility_timeout_seconds = each.value.visibilityTimeoutSeconds
  message_retention_seconds  = each.value.messageRetentionSeconds
  sqs_managed_sse_enabled    = local.encryption_key == null ? true : null
  kms_master_key_id          = one(local.encryption_key[*].arn)
  tags                       = var.tags
}

resource "aws_sqs_queue" "first" {
  for_each = { for name, queue in local.queues : name => queue if can(queue.redrive) }

  name                       = "${var.name_prefix}-${each.key}"
  visibility_timeout_seconds = each.value.visibilityTimeoutSeconds
  message_retention_seconds  = each.value.messageRetentionSeconds
  sqs_managed_sse_enabled    = local.encryption_key == null ? true : null
  kms_master_key_id          = one(local.encryption_key[*].arn)
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${aws_sqs_queue.last[each.value.redrive.deadLetterQueue].name}"
    maxReceiveCount     = each.value.redrive.maxReceiveCount
  })
}
