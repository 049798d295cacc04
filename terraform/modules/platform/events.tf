resource "aws_cloudwatch_event_rule" "event" {
  for_each = local.events.rules

  name          = "${var.name_prefix}-${each.key}"
  event_pattern = jsonencode(each.value.pattern)
  tags          = var.tags

  lifecycle {
    precondition {
      condition     = length(jsonencode(each.value.pattern)) <= 2048
      error_message = "The pattern of the rule ${each.key} has more than the 2048 characters that EventBridge takes: state_machine_names names too many. Give the state machines a common prefix and name that, with * at its end."
    }
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.events.schedules

  name                = "${var.name_prefix}-${each.key}"
  schedule_expression = each.value.expression
  tags                = var.tags
}

locals {
  event_sources = merge(local.events.rules, local.events.schedules)
  event_rules   = merge(aws_cloudwatch_event_rule.event, aws_cloudwatch_event_rule.schedule)
  rule_arns     = [for name in keys(local.event_sources) : "arn:${local.partition}:events:${local.region}:${local.account_id}:rule/${var.name_prefix}-${name}"]
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.event_sources

  rule      = local.event_rules[each.key].name
  target_id = each.value.function
  arn       = module.function[each.value.function].alias_arn

  # An event older than an hour tells nothing that the reconciler has not found out.
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = local.dead_letter_queue_arn
  }

  # The ARN is built from a name: the alias must be there first.
  depends_on = [module.function]
}

resource "aws_lambda_permission" "event" {
  for_each = local.event_sources

  statement_id  = "rule-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = module.function[each.value.function].name
  qualifier     = module.function[each.value.function].alias
  principal     = "events.amazonaws.com"
  source_arn    = local.event_rules[each.key].arn
}
