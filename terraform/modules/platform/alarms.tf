# What an operator is woken for. Each description says what it means and what to do, because that is what the message shows.

locals {
  # Lines of the functions' logs that are counted: a phrase that the line holds. A line with a longer one of them counts as that alone.
  counted_lines = {
    unconfirmed = {
      phrase      = "\"level\":\"alarm\",\"message\":\"unconfirmed outcome\""
      threshold   = 1
      description = "An outcome had to be told twice, and the execution's history, which alone knows whether the first time counted, could not be read. The line 'unconfirmed outcome' in the functions' log groups names the callbackId and why: mostly states:GetExecutionHistory is throttled, or the state machine's KMS key is not in state_machine_key_arns. It is asked again until it answers; repair what it names."
    }
    conflicts = {
      phrase      = "\"level\":\"alarm\",\"message\":\"outcome kept for the operator\""
      threshold   = 1
      description = "Two workers reported different outcomes of the same work: the first one stands, the other is kept. The line 'outcome kept for the operator' in the functions' log groups names the callbackId; baton callbacks show ID has both. See which is true, and undo what the other run has done."
    }
    operator-needed = {
      phrase      = "\"level\":\"alarm\""
      threshold   = 1
      description = "A function wrote a line of level alarm: an outcome that Step Functions refused or denied, or an event or message that could not be handled. Find the line in the functions' log groups; it names the callbackId. Settle the callback by hand if it is still open."
    }
    settling-slowly = {
      phrase      = "\"answer\":\"transient\""
      threshold   = 100
      description = "Step Functions did not take outcomes or heartbeats, mostly because SendTask* is throttled. They are told again, later each time. Lengthen the heartbeat intervals, or ask for a higher quota."
    }
  }

  # In quotes: the line of a function begins with a time and an id, and is no JSON as a whole.
  quoted_phrases = { for name, line in local.counted_lines : name => "\"${replace(line.phrase, "\"", "\\\"")}\"" }
  line_patterns = {
    for name, line in local.counted_lines : name => join(" -", concat(
      [local.quoted_phrases[name]],
      [for other, longer in local.counted_lines : local.quoted_phrases[other] if other != name && startswith(longer.phrase, line.phrase)],
    ))
  }

  # Figures that the reconciler writes every minute.
  measured = {
    overdue = {
      metric      = "LongestOverdue"
      threshold   = 900
      description = "A callback is open a quarter of an hour after Step Functions must have given its task up: its row is not being closed. Look at it with baton callbacks list; the log of completer-schedule says why it is not reconciled."
    }
    settling-stuck = {
      metric      = "OldestSettling"
      threshold   = 600
      description = "An outcome is decided for ten minutes and Step Functions has not taken it: the task waits although its work is done. The log of completer-schedule names the callback and the error; mostly the permission states:SendTask* is missing, or the state machine's role may not use its KMS key. Repair that, and it is taken at the next attempt, within a quarter of an hour."
    }
    backlog = {
      metric      = "Due"
      threshold   = 500
      description = "More callbacks are due than one run of the reconciler takes: hosts or events are lost in numbers, or Step Functions throttles. See which answer prevails in the lines 'reconciled' of completer-schedule, and whether hosts report at all."
    }
    pending-subscriptions = {
      metric      = "PendingSubscriptions"
      threshold   = 1
      description = "A subscription to the approvers' notices waits to be confirmed: it is new, or SNS has suspended it after more than ten mails in a second. Until then the approver gets none, and dispatches that ask them fail with Baton.ApproverUnreachable. Have them follow the link in SNS's mail, or subscribe them anew."
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
  pattern        = local.line_patterns[each.value.line]

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
  period              = 900 # A callback is measured when it is due, which may be a little less than that after the time before.
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
  for_each = var.alarms.enabled ? merge({
    dead-letters     = "An event could not be delivered or its function failed to the end. The reconciler does its work within a minute; read the message in ${aws_sqs_queue.dead_letters.name} to learn why, repair that, and delete it."
    completions-dead = "A report on the completions queue was refused five times: it names no callback of a worker, or lacks the workSecret that came with the work. Read the message in ${aws_sqs_queue.last["completions-dead"].name}; the log of completer-queue says why. Settle the callback by hand if it is still open, and delete the message."
    }, { for name, queue in aws_sqs_queue.last : name =>
    "Mails to approvers could not be sent for hours: the log of completer-mail says why (SES is in the sandbox, sending is paused, a key is missing). Repair that, and start a redrive of ${queue.name}; where a question is over its mail is dropped." if name == "mail-dead"
  }) : {}

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

# Filtered out is what every other approver's subscription does with a notice; what nobody got is what was published and neither delivered nor refused.
resource "aws_cloudwatch_metric_alarm" "notices_lost" {
  count = var.alarms.enabled ? 1 : 0

  alarm_name          = "${var.name_prefix}-notices-lost"
  alarm_description   = "Notices to approvers were published and delivered to nobody: every subscription filtered them out, or delivery failed. Compare work.approvers with the subscriptions of ${local.notice_topic_name} (name and address must be those of module approvals), and ask again."
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags

  metric_query {
    id          = "lost"
    expression  = "published - FILL(delivered, 0)"
    label       = "Notices that nobody got"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { published = "NumberOfMessagesPublished", delivered = "NumberOfNotificationsDelivered" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/SNS"
        metric_name = metric_query.value
        dimensions  = { TopicName = local.notice_topic_name }
        stat        = "Sum"
        period      = 900 # What is published at the end of one period may be delivered in the next.
      }
    }
  }
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
