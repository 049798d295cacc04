# A worker behind a queue: the queue, the function that takes its messages, and where messages end that nobody could do. Their tasks fail
# there, by the platform's completer, instead of waiting for their timeout.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  dead_letter_queue_arn = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:${aws_sqs_queue.dead_letters.name}"
  queue_arn             = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:${aws_sqs_queue.this.name}"

  # Six times what an invocation may take, as AWS advises: until then a message is not given to a second one.
  visibility_timeout_seconds = coalesce(var.visibility_timeout_seconds, 6 * var.timeout_seconds)

  report = var.platform.api_execution_arn == null ? [] : [{
    sid       = "ReportOverHttp"
    actions   = ["execute-api:Invoke"]
    resources = [for verb in ["heartbeat", "success", "failure"] : "${var.platform.api_execution_arn}/*/POST/callbacks/*/${verb}"]
  }]
  settle = length(var.settles_state_machine_arns) == 0 ? [] : [{
    sid       = "SettleWithRawTokens"
    actions   = ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]
    resources = var.settles_state_machine_arns
  }]
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600 # 14 days, the longest
  # As long as the completer may take for a batch, six times.
  visibility_timeout_seconds = 180
  sqs_managed_sse_enabled    = var.encryption_key == null ? true : null
  kms_master_key_id          = one(var.encryption_key[*].arn)
  tags                       = var.tags
}

resource "aws_sqs_queue" "this" {
  name                       = var.name
  visibility_timeout_seconds = local.visibility_timeout_seconds
  message_retention_seconds  = var.message_retention_seconds
  sqs_managed_sse_enabled    = var.encryption_key == null ? true : null
  kms_master_key_id          = one(var.encryption_key[*].arn)
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.dead_letter_queue_arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  count = var.restrict_redrive ? 1 : 0

  queue_url = aws_sqs_queue.dead_letters.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arn]
  })
}

module "function" {
  source = "../function"

  name               = var.name
  description        = var.description
  code               = var.code
  handler            = var.handler
  runtime            = var.runtime
  memory_megabytes   = var.memory_megabytes
  timeout_seconds    = var.timeout_seconds
  environment        = merge(var.platform.endpoint == null ? {} : { BATON_ENDPOINT = var.platform.endpoint }, var.environment)
  statements         = concat(local.report, local.settle, var.statements)
  queues             = { work = { arn = local.queue_arn, batch_size = var.batch_size, maximum_concurrency = var.maximum_concurrency } }
  vpc                = var.vpc
  log_retention_days = var.log_retention_days
  encryption_key     = var.encryption_key
  tags               = var.tags

  permissions_boundary_arn = var.permissions_boundary_arn
  role_path                = var.role_path
}

resource "aws_lambda_event_source_mapping" "dead_letters" {
  event_source_arn        = local.dead_letter_queue_arn
  function_name           = var.platform.queue_function_arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = var.tags
}
