# One state machine from a templated definition, the role it runs with, its log group.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # Built from the name: a function that the machine calls can be allowed to answer it before either exists.
  arn = "arn:${data.aws_partition.current.partition}:states:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:stateMachine:${var.name}"

  definition_text = var.work == null ? templatefile(var.definition_file, merge({ partition = data.aws_partition.current.partition }, var.definition_variables)) : local.work_definition
  definition_name = coalesce(var.definition_file, "work")
}

resource "aws_sfn_state_machine" "this" {
  name       = var.name
  type       = var.type
  role_arn   = aws_iam_role.this.arn
  definition = local.definition_text

  logging_configuration {
    level                  = var.logging.level
    include_execution_data = var.logging.include_execution_data
    log_destination        = "${aws_cloudwatch_log_group.this.arn}:*"
  }

  tracing_configuration {
    enabled = var.tracing
  }

  dynamic "encryption_configuration" {
    for_each = var.encryption_key[*]

    content {
      type                              = "CUSTOMER_MANAGED_KMS_KEY"
      kms_key_id                        = encryption_configuration.value.arn
      kms_data_key_reuse_period_seconds = 300
    }
  }

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(local.too_deep) == 0
      error_message = "${local.definition_name}: Map and Parallel are nested more than four deep, which is deeper than this module checks. Move the inner part into a state machine of its own."
    }

    precondition {
      condition     = length(local.without_limit) == 0
      error_message = "${local.definition_name}: ${join(", ", local.without_limit)} would wait up to a year for a callback that got lost. Set TimeoutSeconds, HeartbeatSeconds or both."
    }

    precondition {
      condition     = length(local.without_token) == 0
      error_message = "${local.definition_name}: ${join(", ", local.without_token)} never passes its task token on, so nobody could ever end it. Put $$.Task.Token (JSONata: $states.context.Task.Token) into what it sends."
    }

    precondition {
      condition     = length(local.with_other_limits) == 0
      error_message = "${local.definition_name}: ${join(", ", local.with_other_limits)} tells the worker other seconds (work.timeoutSeconds, work.heartbeatSeconds) than TimeoutSeconds and HeartbeatSeconds. Fill both from the same variables."
    }

    precondition {
      condition     = length(local.before_redelivery) == 0
      error_message = "${local.definition_name}: ${join(", ", local.before_redelivery)} would time out before the queue has given up its message, which takes ${var.redelivery_seconds} seconds: a message whose worker died comes again only after its visibility timeout. Leave HeartbeatSeconds out (the dead letters fail the task), or make it and TimeoutSeconds longer; or set redelivery_seconds to the queue worker's output of that name."
    }

    precondition {
      condition     = var.type == "STANDARD" || length(local.waiting) == 0
      error_message = "${local.definition_name}: ${join(", ", keys(local.waiting))} waits for a callback, which an EXPRESS state machine cannot. Use STANDARD."
    }
  }

  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.key]
}

resource "aws_cloudwatch_log_group" "this" {
  # The vendedlogs prefix keeps the account's log resource policy from growing with every state machine.
  name              = "/aws/vendedlogs/states/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(var.encryption_key[*].arn)
  tags              = var.tags
}

resource "aws_cloudwatch_metric_alarm" "ended_badly" {
  for_each = var.alarms.enabled ? {
    ExecutionsFailed   = "failed. Its error and cause stand in the execution's last event; a task's States.Timeout means that nobody answered in time."
    ExecutionsTimedOut = "ran longer than the whole state machine may. Its open callbacks are closed; look for the state that it waited in."
  } : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "An execution of ${var.name} ${each.value}"
  namespace           = "AWS/States"
  metric_name         = each.key
  dimensions          = { StateMachineArn = local.arn }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarms.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}
