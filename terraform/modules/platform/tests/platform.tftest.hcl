# What is made, and which input is refused. The policies are in policies.tftest.hcl.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
}

variables {
  name_prefix = "baton-test"
  artifacts = {
    dispatcher = { path = "main.tf" }
    completer  = { path = "main.tf" }
  }
}

run "a_runtime_that_the_functions_are_not_built_for_is_refused" {
  command = plan

  variables {
    runtime = "nodejs20.x"
  }

  expect_failures = [var.runtime]
}

run "the_runtime_is_that_of_every_function" {
  command = plan

  assert {
    condition     = toset(values(module.function)[*].runtime) == toset(["nodejs22.x"])
    error_message = "a function would be left on a runtime that ends"
  }
}

run "every_route_needs_a_signature_or_a_signed_link" {
  command = plan

  assert {
    condition = alltrue([
      for name, route in aws_apigatewayv2_route.this :
      route.authorization_type == (endswith(name, "/{link}") ? "NONE" : "AWS_IAM")
    ])
    error_message = "a route is open to everybody"
  }
}

run "reports_come_again_and_are_kept_when_nobody_can_read_them" {
  command = plan

  assert {
    condition = jsondecode(aws_sqs_queue.first["completions"].redrive_policy) == {
      deadLetterTargetArn = "arn:aws-cn:sqs:eu-central-1:111122223333:baton-test-completions-dead"
      maxReceiveCount     = 5
    }
    error_message = aws_sqs_queue.first["completions"].redrive_policy
  }

  # AWS advises six times: a batch that is taken again while it is worked on is worked on twice.
  assert {
    condition     = aws_sqs_queue.first["completions"].visibility_timeout_seconds >= 6 * local.functions["completer-queue"].timeoutSeconds
    error_message = "messages come again while they are worked on"
  }

  assert {
    condition     = aws_sqs_queue.last["completions-dead"].message_retention_seconds == 1209600
    error_message = "dead letters are kept for 14 days"
  }
}

run "links_are_signed_by_the_first_key_and_verified_by_all" {
  command = plan

  variables {
    link_keys = ["2", "1"]
  }

  assert {
    condition = alltrue([
      for name in ["dispatcher", "completer-approvals", "completer-webhooks"] :
      local.functions[name].environment.BATON_LINK_KEY_IDS == "alias/baton-test-links-2,alias/baton-test-links-1"
    ])
    error_message = local.functions["dispatcher"].environment.BATON_LINK_KEY_IDS
  }

  assert {
    condition     = alltrue([for key in values(aws_kms_key.link) : key.customer_master_key_spec == "HMAC_256" && key.key_usage == "GENERATE_VERIFY_MAC"])
    error_message = "KMS signs links with an HMAC key alone"
  }

  assert {
    condition     = toset([for alias in values(aws_kms_alias.link) : alias.name]) == toset(["alias/baton-test-links-1", "alias/baton-test-links-2"])
    error_message = "a link that was sent would no longer be verified"
  }
}

run "webhooks_go_to_partners_by_https_alone" {
  command = plan

  assert {
    condition     = local.functions["dispatcher"].environment.BATON_LOOPBACK_WEBHOOKS == "refuse" && local.functions["dispatcher"].environment.BATON_WEBHOOK_ALLOW == "none"
    error_message = "a callback URL would go out in the clear"
  }
}

run "the_access_log_holds_no_path" {
  command = plan

  assert {
    condition     = !can(regex("context\\.(path|resourcePath|requestOverride)|rawPath", one(aws_apigatewayv2_stage.this.access_log_settings).format))
    error_message = "a path can carry a link that decides something"
  }
}

run "every_event_has_retries_and_dead_letters" {
  command = plan

  assert {
    condition = alltrue([
      for target in values(aws_cloudwatch_event_target.this) :
      one(target.dead_letter_config).arn == "arn:aws-cn:sqs:eu-central-1:111122223333:baton-test-dead-letters" && one(target.retry_policy).maximum_retry_attempts == 185
    ])
    error_message = "an event would be lost"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "dead letters are kept for 14 days"
  }
}

run "executions_of_the_platforms_state_machines_alone_are_listened_to" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.event["execution-ended"].event_pattern).detail.stateMachineArn == [
      { wildcard = "arn:aws-cn:states:eu-central-1:111122223333:stateMachine:baton-test-*" }
    ]
    error_message = aws_cloudwatch_event_rule.event["execution-ended"].event_pattern
  }
}

run "listed_state_machines_are_listened_to_with_the_children_of_their_maps" {
  command = plan

  variables {
    state_machine_names = ["orders", "reports-*"]
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.event["execution-ended"].event_pattern).detail == {
      status          = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
      stateMachineArn = [for name in ["orders", "orders/*", "reports-*"] : { wildcard = "arn:aws-cn:states:eu-central-1:111122223333:stateMachine:${name}" }]
    }
    error_message = aws_cloudwatch_event_rule.event["execution-ended"].event_pattern
  }
}

run "more_state_machines_than_a_rule_holds_are_refused" {
  command = plan

  variables {
    state_machine_names = [for number in range(20) : "a-team-with-a-long-name-${number}"]
  }

  expect_failures = [aws_cloudwatch_event_rule.event]
}

run "who_invokes_a_function_is_one_route_or_one_rule" {
  command = plan

  override_resource {
    target          = aws_apigatewayv2_api.this
    override_during = plan
    values          = { execution_arn = "arn:aws-cn:execute-api:eu-central-1:111122223333:api" }
  }

  override_resource {
    target          = aws_cloudwatch_event_rule.event
    override_during = plan
    values          = { arn = "arn:aws-cn:events:eu-central-1:111122223333:rule/event" }
  }

  assert {
    condition     = { for route, permission in aws_lambda_permission.route : route => permission.source_arn } == { for route in keys(aws_apigatewayv2_route.this) : route => "arn:aws-cn:execute-api:eu-central-1:111122223333:api/*/${replace(replace(replace(route, " ", ""), "{callbackId}", "*"), "{link}", "*")}" }
    error_message = jsonencode([for permission in aws_lambda_permission.route : permission.source_arn])
  }

  assert {
    condition     = alltrue([for name in keys(aws_cloudwatch_event_rule.event) : aws_lambda_permission.event[name].source_arn == "arn:aws-cn:events:eu-central-1:111122223333:rule/event"])
    error_message = "a function may be invoked by rules of others"
  }

  assert {
    condition     = alltrue([for permission in concat(values(aws_lambda_permission.route), values(aws_lambda_permission.event)) : permission.qualifier == "live"])
    error_message = "callers invoke the alias: a permission on the function does not reach it"
  }
}

run "names_are_built_for_the_partition" {
  command = plan

  assert {
    condition     = output.dispatcher_function_arn == "arn:aws-cn:lambda:eu-central-1:111122223333:function:baton-test-dispatcher:live"
    error_message = output.dispatcher_function_arn
  }
}

run "a_key_is_made_and_rotated_by_default" {
  command = plan

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation
    error_message = "the key is not rotated"
  }
}

run "a_key_of_ones_own_replaces_it" {
  command = plan

  variables {
    encryption = { key = { arn = "arn:aws-cn:kms:eu-central-1:111122223333:key/mine" } }
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && aws_sqs_queue.dead_letters.kms_master_key_id == "arn:aws-cn:kms:eu-central-1:111122223333:key/mine"
    error_message = "the given key is not used"
  }

  assert {
    condition     = aws_cloudwatch_log_group.http_api.kms_key_id == "arn:aws-cn:kms:eu-central-1:111122223333:key/mine"
    error_message = "the access log is not encrypted with it"
  }

  assert {
    condition = alltrue([
      for id in concat([aws_sns_topic.notices.kms_master_key_id], [for queue in concat(values(aws_sqs_queue.first), values(aws_sqs_queue.last)) : queue.kms_master_key_id]) :
      id == "arn:aws-cn:kms:eu-central-1:111122223333:key/mine"
    ])
    error_message = "reports or notices are not encrypted with it"
  }
}

run "without_a_customer_key_the_queue_is_still_encrypted" {
  command = plan

  variables {
    encryption = { create_key = false }
  }

  assert {
    condition     = alltrue([for queue in concat([aws_sqs_queue.dead_letters], values(aws_sqs_queue.first), values(aws_sqs_queue.last)) : queue.sqs_managed_sse_enabled])
    error_message = "reports or dead letters are in the clear"
  }
}

run "every_alarm_says_what_to_do_and_tells_somebody" {
  command = plan

  variables {
    alarms = { topic_arns = ["arn:aws-cn:sns:eu-central-1:111122223333:on-call"], oldest_open_seconds = 86400 }
  }

  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.line), values(aws_cloudwatch_metric_alarm.measured), values(aws_cloudwatch_metric_alarm.function), values(aws_cloudwatch_metric_alarm.reconciler_silent), values(aws_cloudwatch_metric_alarm.dead_letters), aws_cloudwatch_metric_alarm.http_errors, aws_cloudwatch_metric_alarm.notices_lost) :
      length(split(". ", alarm.alarm_description)) >= 2 && length(alarm.alarm_description) <= 1024 && join(",", alarm.alarm_actions) == "arn:aws-cn:sns:eu-central-1:111122223333:on-call"
    ])
    error_message = "an alarm that only names itself helps nobody at night"
  }

  assert {
    condition     = one(values(aws_cloudwatch_metric_alarm.reconciler_silent)).treat_missing_data == "breaching"
    error_message = "a reconciler that does not run sends no data"
  }
}

run "each_line_is_counted_once_by_a_quoted_phrase_in_every_log_group" {
  command = plan

  assert {
    condition = { for name, filter in aws_cloudwatch_log_metric_filter.line : trimsuffix(name, "-completer-events") => filter.pattern if endswith(name, "-completer-events") } == {
      unconfirmed     = "\"\\\"level\\\":\\\"alarm\\\",\\\"message\\\":\\\"unconfirmed outcome\\\"\""
      conflicts       = "\"\\\"level\\\":\\\"alarm\\\",\\\"message\\\":\\\"outcome kept for the operator\\\"\""
      settling-slowly = "\"\\\"answer\\\":\\\"transient\\\"\""
      operator-needed = "\"\\\"level\\\":\\\"alarm\\\"\" -\"\\\"level\\\":\\\"alarm\\\",\\\"message\\\":\\\"outcome kept for the operator\\\"\" -\"\\\"level\\\":\\\"alarm\\\",\\\"message\\\":\\\"unconfirmed outcome\\\"\""
    }
    error_message = jsonencode([for filter in aws_cloudwatch_log_metric_filter.line : filter.pattern])
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.line) == length(aws_cloudwatch_metric_alarm.line) * length(local.functions)
    error_message = "a function's lines are not counted"
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.line : name => alarm.threshold } == { unconfirmed = 1, conflicts = 1, operator-needed = 1, settling-slowly = 100 }
    error_message = "one outcome that nobody is sure of is one too many"
  }
}

run "ages_are_watched_as_the_reconciler_measures_them" {
  command = plan

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.measured : name => alarm.metric_name } == {
      overdue = "LongestOverdue", settling-stuck = "OldestSettling", backlog = "Due", pending-subscriptions = "PendingSubscriptions"
    }
    error_message = "a callback that nobody ends would be noticed by nobody"
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.measured) : alarm.namespace == "Baton" && alarm.dimensions.FunctionName == "baton-test-completer-schedule"])
    error_message = "the figures are those of the reconciler"
  }

  # An outcome is told again, and measured, every twelve and a half minutes at the latest.
  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.measured) : alarm.period >= 750])
    error_message = "an alarm ends although the callback is still there"
  }
}

run "quotas_of_the_account_are_watched" {
  command = plan

  assert {
    condition = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.quota : name => [alarm.namespace, alarm.metric_name, alarm.dimensions] }) == jsonencode({
      state-transitions = ["AWS/States", "ThrottledEvents", { ServiceMetric = "StateTransition" }]
      table-writes      = ["AWS/DynamoDB", "WriteThrottleEvents", { TableName = "baton-test-callbacks" }]
      concurrency       = ["AWS/Lambda", "ConcurrentExecutions", null]
    })
    error_message = jsonencode({ for name, alarm in aws_cloudwatch_metric_alarm.quota : name => [alarm.namespace, alarm.metric_name, alarm.dimensions] })
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.quota["concurrency"].threshold == 800
    error_message = "four fifths of the account's quota by default, not all of it"
  }
}

run "one_dashboard_shows_callbacks_functions_and_quotas" {
  command = plan

  assert {
    condition = length(aws_cloudwatch_dashboard.this) == 1 && length(setsubtract(
      ["OldestOpen", "LongestOverdue", "Due", "Errors", "Throttles", "ConcurrentExecutions", "WriteThrottleEvents", "ConsumedCapacity", "5xx", "ApproximateNumberOfMessagesVisible"],
      flatten([for graph in local.graphs : [for metric in graph.metrics : metric[1]]]),
    )) == 0
    error_message = "an operator would look elsewhere"
  }
}

run "alarms_can_be_left_out" {
  command = plan

  variables {
    alarms = { enabled = false }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.function) + length(aws_cloudwatch_metric_alarm.measured) + length(aws_cloudwatch_metric_alarm.line) + length(aws_cloudwatch_log_metric_filter.line) + length(aws_cloudwatch_metric_alarm.dead_letters) + length(aws_cloudwatch_metric_alarm.notices_lost) + length(aws_cloudwatch_metric_alarm.quota) + length(aws_cloudwatch_dashboard.this) == 0
    error_message = "alarms are made all the same"
  }
}

run "heartbeats_within_the_quota_are_accepted" {
  command = plan

  variables {
    expected_load = { open_callbacks = 10000, heartbeat_interval_seconds = 34 }
  }
}

run "webhooks_may_go_to_networks_and_hosts_that_are_named" {
  command = plan

  variables {
    webhook_allow = ["10.20.0.0/16", "fd12::/32", "10.1.2.3", "fd12::7", "partner.internal"]
  }

  assert {
    condition     = local.functions["dispatcher"].environment.BATON_WEBHOOK_ALLOW == "10.20.0.0/16,fd12::/32,10.1.2.3,fd12::7,partner.internal"
    error_message = local.functions["dispatcher"].environment.BATON_WEBHOOK_ALLOW
  }
}

run "webhooks_allowed_to_a_url_are_refused" {
  command = plan

  variables {
    webhook_allow = ["https://partner.internal/"]
  }

  expect_failures = [var.webhook_allow]
}

run "webhooks_allowed_to_half_an_address_are_refused" {
  command = plan

  variables {
    webhook_allow = ["10.20"]
  }

  expect_failures = [var.webhook_allow]
}

run "heartbeats_beyond_the_quota_are_refused" {
  command = plan

  variables {
    expected_load = { open_callbacks = 10000, heartbeat_interval_seconds = 20 }
  }

  expect_failures = [var.expected_load]
}

run "a_hundred_thousand_callbacks_are_accepted_where_the_quota_was_raised" {
  command = plan

  variables {
    expected_load = { open_callbacks = 100000, heartbeat_interval_seconds = 20, heartbeats_per_second = 5000, dispatches_per_second = 500 }
  }
}

run "more_writes_than_the_index_takes_are_refused" {
  command = plan

  variables {
    expected_load = { open_callbacks = 500000, heartbeat_interval_seconds = 20, heartbeats_per_second = 25000 }
  }

  expect_failures = [var.expected_load]
}

run "more_outcomes_than_can_be_told_are_refused" {
  command = plan

  variables {
    expected_load = { open_callbacks = 100, heartbeat_interval_seconds = 20, dispatches_per_second = 301 }
  }

  expect_failures = [var.expected_load]
}

run "more_commands_than_ssm_takes_are_refused" {
  command = plan

  variables {
    expected_load = { open_callbacks = 100, heartbeat_interval_seconds = 20, dispatches_per_second = 20, commands_per_second = 10 }
  }

  expect_failures = [var.expected_load]
}

run "an_age_that_is_reached_when_nothing_is_open_is_refused" {
  command = plan

  variables {
    alarms = { oldest_open_seconds = 0 }
  }

  expect_failures = [var.alarms]
}

run "an_e_mail_address_instead_of_a_topic_is_refused" {
  command = plan

  variables {
    alarms = { topic_arns = ["on-call@example.com"] }
  }

  expect_failures = [var.alarms]
}

run "a_prefix_that_makes_names_too_long_is_refused" {
  command = plan

  variables {
    name_prefix = "a-prefix-that-is-longer-than-thirty"
  }

  expect_failures = [var.name_prefix]
}

run "a_missing_bundle_is_refused" {
  command = plan

  variables {
    artifacts = { dispatcher = { path = "main.tf" } }
  }

  expect_failures = [var.artifacts]
}

run "a_state_machine_name_that_is_only_a_star_is_refused" {
  command = plan

  variables {
    state_machine_names = ["*"]
  }

  expect_failures = [var.state_machine_names]
}

run "a_role_arn_instead_of_a_name_is_refused" {
  command = plan

  variables {
    hosts = { role_names = ["arn:aws:iam::111122223333:role/host"] }
  }

  expect_failures = [var.hosts]
}

run "a_retention_that_aws_does_not_have_is_refused" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "a_prefix_of_workers_that_covers_the_doors_is_refused" {
  command = plan

  variables {
    workers = { names = ["baton-*"] }
  }

  expect_failures = [var.workers]
}

run "links_that_nobody_signs_are_refused" {
  command = plan

  variables {
    link_keys = []
  }

  expect_failures = [var.link_keys]
}

run "no_subnets_are_refused" {
  command = plan

  variables {
    vpc = { subnet_ids = [], security_group_ids = ["sg-0123456789abcdef0"] }
  }

  expect_failures = [var.vpc]
}

run "a_subnet_by_its_range_is_refused" {
  command = plan

  variables {
    vpc = { subnet_ids = ["10.0.0.0/24"], security_group_ids = ["sg-0123456789abcdef0"] }
  }

  expect_failures = [var.vpc]
}

run "an_alias_of_a_key_is_refused" {
  command = plan

  variables {
    state_machine_key_arns = ["arn:aws:kms:eu-central-1:111122223333:alias/orders"]
  }

  expect_failures = [var.state_machine_key_arns]
}

run "approvers_are_told_through_a_topic_unless_mail_is_asked_for" {
  command = plan

  assert {
    condition     = length(aws_sesv2_configuration_set.mail) == 0 && !contains(keys(local.functions), "completer-mail") && !contains(keys(local.queues), "mail") && !contains(keys(local.events.rules), "mail-failed")
    error_message = "what nobody asked for is made and costs"
  }
}

run "mail_goes_through_a_queue_and_its_bounces_come_back" {
  command = plan

  variables {
    mail = { from = "Baton <baton@example.com>", per_second = 5 }
  }

  assert {
    condition     = module.function["completer-mail"].name == "baton-test-completer-mail" && local.functions["completer-mail"].environment.BATON_MAIL_FROM == "Baton <baton@example.com>" && local.functions["completer-mail"].environment.BATON_MAILS_PER_SECOND == "5"
    error_message = "nobody sends the mails"
  }

  assert {
    condition     = local.functions["completer-mail"].queues[0].maximumConcurrency == 2 && local.queues["mail"].redrive.deadLetterQueue == "mail-dead"
    error_message = "the sending rate is not held"
  }

  assert {
    condition     = toset(aws_sesv2_configuration_set_event_destination.mail[0].event_destination[0].matching_event_types) == toset(["BOUNCE", "COMPLAINT", "REJECT"]) && local.events.rules["mail-failed"].pattern.detail.mail.tags["ses:configuration-set"][0] == "baton-test-mail"
    error_message = "nobody learns of a bounce"
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.dead_letters), "mail-dead")
    error_message = "mails that cannot be sent wake nobody"
  }
}

run "the_sender_is_an_address" {
  command = plan

  variables {
    mail = { from = "Baton" }
  }

  expect_failures = [var.mail]
}

run "links_and_workers_use_a_domain_of_ones_own" {
  command = plan

  variables {
    domain = { name = "baton.example.com", certificate_arn = "arn:aws-cn:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef" }
  }

  assert {
    condition     = output.endpoint == "https://baton.example.com" && local.once_deployed.endpoint == "https://baton.example.com" && strcontains(aws_ssm_document.run_job.content, "https://baton.example.com")
    error_message = "links, functions or hosts use another name"
  }

  assert {
    condition     = aws_apigatewayv2_api_mapping.this[0].domain_name == "baton.example.com" && aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2"
    error_message = "the name leads nowhere"
  }
}

run "a_domain_is_a_name_without_scheme" {
  command = plan

  variables {
    domain = { name = "https://baton.example.com", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef" }
  }

  expect_failures = [var.domain]
}

run "open_routes_have_a_throttling_of_their_own" {
  command = plan

  assert {
    condition = { for setting in aws_apigatewayv2_stage.this.route_settings : setting.route_key => setting.throttling_rate_limit } == {
      for key, route in local.routes : key => 20 if route.authorization == "NONE"
    }
    error_message = "whoever knows an address uses up what workers need"
  }

  assert {
    condition     = length(aws_apigatewayv2_domain_name.this) == 0
    error_message = "a domain is made that nobody asked for"
  }
}
