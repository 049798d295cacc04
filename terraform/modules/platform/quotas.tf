# Quotas that Baton shares with the rest of the account, and one dashboard for all that it does. That SendTask* is throttled is counted in the
# functions' own lines (settling-slowly): Step Functions refuses them one by one.

locals {
  quotas = {
    state-transitions = {
      namespace   = "AWS/States"
      metric      = "ThrottledEvents"
      dimensions  = { ServiceMetric = "StateTransition" }
      statistic   = "Sum"
      threshold   = 1
      description = "Step Functions holds state machines of this account back: they go from state to state faster than the quota StateTransition lets them. Tasks begin late, and their timeouts run. Ask for a higher quota, or start fewer executions at once."
    }
    table-writes = {
      namespace   = "AWS/DynamoDB"
      metric      = "WriteThrottleEvents"
      dimensions  = { TableName = local.table_name }
      statistic   = "Sum"
      threshold   = 1
      description = "DynamoDB refused writes of callbacks: more at once than the table has grown for, or than its quota. They are tried again, and dispatches fail with Baton.Unavailable meanwhile. If it lasts, raise the account's table quota."
    }
    concurrency = {
      namespace   = "AWS/Lambda"
      metric      = "ConcurrentExecutions"
      dimensions  = null
      statistic   = "Maximum"
      threshold   = floor(0.8 * var.alarms.account_concurrency)
      description = "The functions of this account, Baton's among them, use four fifths of alarms.account_concurrency. At all of it reports are answered 429 and messages use up their receives. Reserve concurrency for Baton (reserved_concurrency), or have the quota raised."
    }
  }

  # A graph of the dashboard: its title, and its metrics as CloudWatch writes them.
  graphs = concat(
    [
      { title = "Open callbacks: ages in seconds", metrics = [for name in ["OldestOpen", "OldestSettling", "LongestOverdue"] : ["Baton", name, "FunctionName", module.function["completer-schedule"].name, { stat = "Maximum" }]] },
      { title = "Due callbacks", metrics = [["Baton", "Due", "FunctionName", module.function["completer-schedule"].name, { stat = "Maximum" }]] },
    ],
    [for metric in ["Invocations", "Errors", "Throttles"] : {
      title = "${metric} of functions", metrics = [for name in keys(local.functions) : ["AWS/Lambda", metric, "FunctionName", module.function[name].name, { stat = "Sum" }]]
    }],
    [
      { title = "HTTP API", metrics = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", aws_apigatewayv2_api.this.id, { stat = "Sum" }]] },
      { title = "Messages that wait", metrics = [for name in concat(keys(local.queues), ["dead-letters"]) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${var.name_prefix}-${name}", { stat = "Maximum" }]] },
      { title = "Table", metrics = [for metric in ["WriteThrottleEvents", "ReadThrottleEvents"] : ["AWS/DynamoDB", metric, "TableName", local.table_name, { stat = "Sum" }]] },
      { title = "Quotas of the account", metrics = [
        ["AWS/States", "ConsumedCapacity", "ServiceMetric", "StateTransition", { stat = "Sum" }],
        ["AWS/States", "ThrottledEvents", "ServiceMetric", "StateTransition", { stat = "Sum" }],
        ["AWS/Lambda", "ConcurrentExecutions", { stat = "Maximum" }],
      ] },
    ],
  )
}

resource "aws_cloudwatch_metric_alarm" "quota" {
  for_each = { for name, quota in local.quotas : name => quota if var.alarms.enabled }

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.alarms.enabled ? 1 : 0

  dashboard_name = var.name_prefix
  dashboard_body = jsonencode({
    widgets = [for place, graph in local.graphs : {
      type       = "metric"
      x          = 12 * (place % 2)
      y          = 6 * floor(place / 2)
      width      = 12
      height     = 6
      properties = { title = graph.title, region = local.region, period = 300, view = "timeSeries", metrics = graph.metrics }
    }]
  })
}
