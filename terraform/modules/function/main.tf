# One Lambda function, its alias, its log group. Callers invoke the alias: a new version takes over between two invocations, and the
# version that ran before stays until nothing refers to it.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  alias = "live"

  # Built from the name, not read from the resource: who refers to it is then known in the plan.
  arn       = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:function:${var.name}"
  alias_arn = "${local.arn}:${local.alias}"

  account_id = data.aws_caller_identity.current.account_id
  ec2_arn    = "arn:${data.aws_partition.current.partition}:ec2:${data.aws_region.current.id}"
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = var.description
  role          = aws_iam_role.this.arn

  runtime       = var.runtime
  architectures = [var.architecture]
  handler       = var.handler
  memory_size   = var.memory_megabytes
  timeout       = var.timeout_seconds

  filename          = var.code.path
  s3_bucket         = var.code.s3_bucket
  s3_key            = var.code.s3_key
  s3_object_version = var.code.s3_object_version
  source_code_hash  = var.code.path == null ? var.code.sha256_base64 : filebase64sha256(var.code.path)
  publish           = true

  reserved_concurrent_executions = var.reserved_concurrency

  # An empty block would look like a change, and publish a version, at each plan.
  dynamic "environment" {
    for_each = length(var.environment) == 0 ? [] : [var.environment]

    content {
      variables = environment.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  tags = var.tags

  # Without them the first invocation would create a log group that never expires, or run with no permission.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_lambda_alias" "this" {
  name             = local.alias
  description      = "What callers invoke."
  function_name    = aws_lambda_function.this.function_name
  function_version = coalesce(var.live_version, aws_lambda_function.this.version)
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(var.encryption_key[*].arn)
  tags              = var.tags
}

# EventBridge's own retry and dead letters cover the delivery only: an invocation that fails is Lambda's to retry.
resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.asynchronous == null ? 0 : 1

  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.this.name
  maximum_retry_attempts       = var.asynchronous.maximum_retry_attempts
  maximum_event_age_in_seconds = var.asynchronous.maximum_event_age_seconds

  destination_config {
    on_failure {
      destination = coalesce(var.asynchronous.dead_letter_queue_arn, var.asynchronous.failure_function_arn)
    }
  }
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = var.queues

  function_name           = local.alias_arn
  event_source_arn        = each.value.arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"] # One bad message does not bring back those beside it.
  tags                    = var.tags

  dynamic "scaling_config" {
    for_each = each.value.maximum_concurrency[*]

    content {
      maximum_concurrency = scaling_config.value
    }
  }

  # Lambda looks at the role's rights when the mapping is made.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.key, aws_lambda_alias.this]
}
