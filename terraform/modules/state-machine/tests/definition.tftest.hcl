# The definition is read before anything is planned: what would wait for ever is refused with the state's name.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-us-gov" }
  }
}

override_data {
  target = data.aws_iam_policy_document.trust
  values = { json = "{}" }
}

override_data {
  target = data.aws_iam_policy_document.this
  values = { json = "{}" }
}

variables {
  name = "baton-test"
}

run "a_waiting_state_with_limits_and_token_is_planned" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
  }

  assert {
    condition     = join(",", output.waiting_states) == "Ask,AskEach"
    error_message = "found waiting: ${jsonencode(output.waiting_states)}"
  }
}

run "a_definition_has_the_partition_of_its_account" {
  command = plan

  variables {
    definition_file = "tests/definitions/any-partition.asl.json"
  }

  assert {
    condition     = strcontains(output.definition, "arn:aws-us-gov:states:::lambda:invoke")
    error_message = output.definition
  }
}

run "a_waiting_state_without_a_limit_is_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/no-limit.asl.json"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "a_waiting_state_inside_a_map_without_a_limit_is_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/no-limit-inside.asl.json"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "heartbeats_in_a_definition_that_end_before_a_message_comes_again_are_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/sent-to-a-queue.asl.json"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "heartbeats_longer_than_the_queue_tries_are_planned" {
  command = plan

  variables {
    definition_file    = "tests/definitions/sent-to-a-queue.asl.json"
    redelivery_seconds = 200
  }
}

run "a_definition_that_never_passes_its_token_is_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/no-token.asl.json"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "a_worker_that_is_told_other_seconds_is_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/other-limits.asl.json"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "failed_and_timed_out_executions_are_told" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
    alarms          = { enabled = true, topic_arns = ["arn:aws:sns:eu-central-1:111122223333:on-call"] }
  }

  assert {
    condition     = join(",", keys(aws_cloudwatch_metric_alarm.ended_badly)) == "ExecutionsFailed,ExecutionsTimedOut"
    error_message = "a task's timeout fails the execution, the machine's times it out: both are wanted"
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.ended_badly) : join(",", alarm.alarm_actions) == "arn:aws:sns:eu-central-1:111122223333:on-call"])
    error_message = "an alarm tells nobody"
  }
}

run "an_express_machine_cannot_wait" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
    type            = "EXPRESS"
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "an_express_machine_that_waits_for_nobody_is_planned" {
  command = plan

  variables {
    definition_file = "tests/definitions/nothing-waits.asl.json"
    type            = "EXPRESS"
  }

  assert {
    condition     = length(output.waiting_states) == 0
    error_message = jsonencode(output.waiting_states)
  }
}

run "execution_data_stays_out_of_the_logs" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
  }

  assert {
    condition     = one(aws_sfn_state_machine.this.logging_configuration).include_execution_data == false
    error_message = "inputs and outputs would be logged"
  }

  assert {
    condition     = one(aws_sfn_state_machine.this.logging_configuration).level == "ERROR"
    error_message = "level ALL logs scheduled parameters, task tokens among them"
  }
}

run "a_wildcard_action_is_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
    statements      = [{ sid = "All", actions = ["lambda:*"], resources = ["arn:aws:lambda:us-east-1:111122223333:function:x"] }]
  }

  expect_failures = [var.statements]
}

run "any_resource_needs_a_reason" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
    statements      = [{ sid = "All", actions = ["lambda:InvokeFunction"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "a_retention_that_aws_does_not_have_is_refused" {
  command = plan

  variables {
    definition_file    = "tests/definitions/waits.asl.json"
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "a_name_too_long_for_its_role_is_refused" {
  command = plan

  variables {
    name            = "a-state-machine-whose-role-would-have-more-letters-than-aws-has"
    definition_file = "tests/definitions/waits.asl.json"
  }

  expect_failures = [var.name]
}
