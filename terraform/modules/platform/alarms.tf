# What an operator is woken for. Each description says what it means and what to do, because that is what the message shows.

locals {
  # Lines of the functions' logs that are counted: a phrase that the line holds.
  counted_lines = {
    operator-needed = {
      phrase      = "\"level\":\"alarm\""
      threshold   = 1
      description = "A function wrote a line of level alarm: an outcome that Step Functions refused or denied, one that could not be confirmed, or two workers that disagreed. Find the line in the functions' log groups; it names the callbackId. Settle the callback by hand if it is still open."
    }
    settling-slowly = {
      phrase      = "\"answer\":\"transient\""
      threshold   = 100
      description = "Step Functions did not take outcomes or heartbeats, mostly because SendTask* is throttled. They are told again every minute. Lengthen the heartbeat intervals, or ask for a higher quota."
    }
  }

  # Figures that the reconciler writes every minute.
  measured = {
    overdue = {
      metric      = "LongestOverdue"
      threshold   = 900
      description = "A callback is open a quarter of an hour after Step Functions must have given its task up: its row is not being closed. Look at it with baton callbacks list; the log of completer-schedule says why it is not reconciled."
    }
    settling-stuck = {
      metric      = "MostAttempts"
      threshold   = 10
      description = "Step Functions has been told an outcome ten times, about once a minute, and has not taken it: the task waits although its work is done. The log of completer-schedule names the callback and the error; mostly the permission states:SendTask* or the state machine's KMS key is missing. Repair that, and it is taken within a minute."
    }
    backlog = {
      metric      = "Due"
      threshold   = 500
      description = "More callbacks are due than one run of the reconciler takes: hosts or events are lost in numbers, or Step Functions throttles. See which answer prevails in the lines 'reconciled' of completer-schedule, and whether hosts report at all."
    }
    oldest-open = {
      metric      = "OldestOpen"
      threshold   = var.alarms.oldest_open_seconds
      description = "A callback has been open for longer than alarms.oldest_open_seconds. Look at it with baton callbacks list: who waits for whom. Settle it by hand if nobody will."
    }
  }

  lambda_alarms = merge([
    for name in keys(local.functions) : {
      "${name}-errors" = {
        metric      = "Errors"
        function    = name
        threshold   = 3
        description = "The function ${name} failed three times in five minutes. Read its log group from the first error on; after a deployment, move the alias live back to the version before."
      }
      "${name}-throttles" = {
        metric      = "Throttles"
        function    = name
        threshold   = 1
        description = "The function ${name} was refused concurrency. Workers and events try again, so nothing is lost yet. Raise its reserved_concurrency, or the account's quota."
      }
    }
  ]...)
}

resource "aws_cloudwatch_log_metric_filter" "line" {
  for_each = var.alarms.enabled ? {
    for pair in setproduct(keys(local.counted_lines), keys(local.functions)) : "${pair[0]}-${pair[1]}" => { line = pair[0], function = pair[1] }
  } : {}

  name           = "${var.name_prefix}-${each.key}"
  log_group_name = module.function[each.value.function].log_group_name
  # A quoted phrase: the line of a function begins with a time and an id, and is no JSON as a whole.
  pattern = "\"${replace(local.counted_lines[each.value.line].phrase, "\"", "\\\"")}\""

  metric_transformation {
    name          = "${var.name_prefix}-${each.value.line}"
    namespace     = "Baton"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "line" {
  for_each = var.alarms.enabled ? local.counted_lines : {}

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "Baton"
  metric_name         = "${var.name_prefix}-${each.key}"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "measured" {
  for_each = { for name, alarm in local.measured : name => alarm if var.alarms.enabled && alarm.threshold != null }

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "Baton"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = module.function["completer-schedule"].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching" # Of a reconciler that is silent another alarm tells.
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = var.alarms.enabled ? local.lambda_alarms : {}

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = module.function[each.value.function].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "reconciler_silent" {
  for_each = var.alarms.enabled ? local.events.schedules : {}

  alarm_name          = "${var.name_prefix}-${each.key}-silent"
  alarm_description   = "${each.value.function} has not run for five minutes: nobody finishes what was interrupted. See whether the rule ${var.name_prefix}-${each.key} is enabled and the function's permission is there."
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = module.function[each.value.function].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = var.alarms.enabled ? {
    dead-letters     = "An event could not be delivered or its function failed to the end. The reconciler does its work within a minute; read the message in ${aws_sqs_queue.dead_letters.name} to learn why, repair that, and delete it."
    completions-dead = "A report on the completions queue was refused five times: it names no open callback, or one that is bound to a host. Read the message in ${aws_sqs_queue.last["completions-dead"].name}; the log of completer-queue says why. Settle the callback by hand if it is still open, and delete the message."
  } : {}

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = "${var.name_prefix}-${each.key}" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "http_errors" {
  count = var.alarms.enabled ? 1 : 0

  alarm_name          = "${var.name_prefix}-http-errors"
  alarm_description   = "Workers were answered 5xx. They try again until their deadline. The access log ${aws_cloudwatch_log_group.http_api.name} names the routes; the log of completer-http says why."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.this.id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}
