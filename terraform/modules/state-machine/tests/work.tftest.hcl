# A state machine from its work alone: the definition is written out in tests/definitions, where it is run, too.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
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
  name     = "baton-test"
  platform = { dispatcher_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher:live", name_prefix = "baton" }
  work     = { kind = "queue", queueUrl = "https://sqs/111122223333/baton-work-test", "message.$" = "$", timeoutSeconds = 3600, heartbeatSeconds = 960 }
}

run "work_of_a_queue_is_a_state_that_waits_and_is_dispatched_again" {
  command = plan

  assert {
    condition     = jsondecode(output.definition) == jsondecode(file("tests/definitions/work-of-a-queue.asl.json"))
    error_message = output.definition
  }

  assert {
    condition     = output.waiting_states == ["Work"]
    error_message = jsonencode(output.waiting_states)
  }
}

run "heartbeats_that_end_before_a_message_comes_again_are_refused" {
  command = plan

  variables {
    work = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 3600, heartbeatSeconds = 60 }
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "a_timeout_that_ends_before_the_dead_letter_is_refused" {
  command = plan

  variables {
    work = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 900 }
  }

  expect_failures = [aws_sfn_state_machine.this]
}

run "a_queue_that_gives_up_sooner_says_so" {
  command = plan

  variables {
    work               = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 900, heartbeatSeconds = 301 }
    redelivery_seconds = 300
  }
}

run "a_queue_without_heartbeats_is_watched_by_its_dead_letters" {
  command = plan

  variables {
    work = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 3600 }
  }

  assert {
    condition     = !strcontains(output.definition, "HeartbeatTimeout")
    error_message = output.definition
  }
}

run "a_host_that_went_silent_is_tried_once_more" {
  command = plan

  variables {
    work = { kind = "ssm", "instanceId.$" = "$.instanceId", "command.$" = "$.command", timeoutSeconds = 3600, heartbeatSeconds = 60 }
  }

  assert {
    condition     = [for retry in jsondecode(output.definition).States.Work.Retry : retry.MaxAttempts if contains(retry.ErrorEquals, "States.HeartbeatTimeout")] == [1]
    error_message = output.definition
  }

  assert {
    condition     = [for retry in jsondecode(output.definition).States.Work.Retry : retry.MaxAttempts if contains(retry.ErrorEquals, "Baton.HostBusy")] == [4]
    error_message = output.definition
  }
}

run "people_are_asked_once_and_as_soon_as_their_links_can_be_signed" {
  command = plan

  variables {
    work = { kind = "approval", "title.$" = "$.title", approvers = [{ name = "Ann", email = "ann@example.com" }], timeoutSeconds = 86400 }
  }

  assert {
    condition     = jsondecode(output.definition) == jsondecode(file("tests/definitions/work-of-people.asl.json"))
    error_message = output.definition
  }
}

run "a_definition_and_work_at_once_are_refused" {
  command = plan

  variables {
    definition_file = "tests/definitions/waits.asl.json"
  }

  expect_failures = [var.definition_file]
}

run "neither_a_definition_nor_work_is_refused" {
  command = plan

  variables {
    work = null
  }

  expect_failures = [var.definition_file]
}

run "a_machine_that_the_platform_may_not_settle_is_refused" {
  command = plan

  variables {
    platform = {
      dispatcher_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher:live"
      state_machine_names     = ["other-*", "baton", "baton/*"]
    }
  }

  expect_failures = [var.platform]
}

run "a_machine_with_the_prefix_of_the_platform_is_planned" {
  command = plan

  variables {
    platform = {
      dispatcher_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher:live"
      state_machine_names     = ["other", "baton-*"]
    }
  }
}

run "work_without_a_platform_is_refused" {
  command = plan

  variables {
    platform = null
  }

  expect_failures = [var.platform]
}

run "work_of_an_unknown_kind_is_refused" {
  command = plan

  variables {
    work = { kind = "fax", timeoutSeconds = 900 }
  }

  expect_failures = [var.work]
}

run "work_that_nothing_ends_is_refused" {
  command = plan

  variables {
    work = { kind = "webhook", url = "https://example.com", payload = null }
  }

  expect_failures = [var.work]
}

run "heartbeats_of_people_are_refused" {
  command = plan

  variables {
    work = { kind = "approval", title = "Go?", approvers = [{ name = "Ann" }], timeoutSeconds = 900, heartbeatSeconds = 60 }
  }

  expect_failures = [var.work]
}

run "heartbeats_as_rare_as_the_timeout_are_refused" {
  command = plan

  variables {
    work = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 60, heartbeatSeconds = 60 }
  }

  expect_failures = [var.work]
}

run "heartbeats_of_parts_of_a_second_are_refused" {
  command = plan

  variables {
    work = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 900, heartbeatSeconds = 60.5 }
  }

  expect_failures = [var.work]
}

run "work_on_a_host_for_longer_than_ssm_runs_a_command_is_refused" {
  command = plan

  variables {
    work = { kind = "ssm", "instanceId.$" = "$.instanceId", "command.$" = "$.command", timeoutSeconds = 172801, heartbeatSeconds = 60 }
  }

  expect_failures = [var.work]
}

run "a_host_that_may_be_silent_for_ever_is_refused" {
  command = plan

  variables {
    work = { kind = "ssm", "instanceId.$" = "$.instanceId", "command.$" = "$.command", timeoutSeconds = 3600 }
  }

  expect_failures = [var.work]
}
