# What becomes of messages, what the worker may do, and which input is refused. Policies are rendered by the provider itself.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  name    = "baton-work-orders"
  handler = "main.handler"
  code    = { path = "main.tf" }
  platform = {
    queue_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-completer-queue:live"
    endpoint           = "https://api.example"
    api_execution_arn  = "arn:aws:execute-api:eu-central-1:111122223333:api"
  }
}

run "what_nobody_could_do_fails_its_task" {
  command = plan

  assert {
    condition = jsondecode(aws_sqs_queue.this.redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:eu-central-1:111122223333:baton-work-orders-dead"
      maxReceiveCount     = 5
    }
    error_message = "a message that nobody can do would come again until it is forgotten"
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.dead_letters.event_source_arn == "arn:aws:sqs:eu-central-1:111122223333:baton-work-orders-dead"
      && aws_lambda_event_source_mapping.dead_letters.function_name == "arn:aws:lambda:eu-central-1:111122223333:function:baton-completer-queue:live"
      && aws_lambda_event_source_mapping.dead_letters.function_response_types == toset(["ReportBatchItemFailures"])
    )
    error_message = "the task of a dead letter would wait for its timeout"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "dead letters are kept for 14 days"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters[0].redrive_allow_policy).sourceQueueArns == ["arn:aws:sqs:eu-central-1:111122223333:baton-work-orders"]
    error_message = "other queues could fill the dead letters"
  }
}

run "a_message_is_not_given_to_a_second_worker_while_the_first_is_at_it" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 180
    error_message = "six times the function's timeout, as AWS advises"
  }
}

run "its_role_keeps_to_the_accounts_boundary_and_path" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/teams"
    role_path                = "/teams/"
  }

  assert {
    condition     = module.function.role.path == "/teams/" && module.function.role.permissions_boundary == "arn:aws:iam::111122223333:policy/teams"
    error_message = "an account that asks for boundary and path refuses the role"
  }
}

run "how_long_a_message_is_tried_is_told_to_state_machines" {
  command = plan

  variables {
    timeout_seconds   = 10
    max_receive_count = 6
  }

  assert {
    condition     = output.redelivery_seconds == 360
    error_message = "six receives of sixty seconds, not ${output.redelivery_seconds}"
  }
}

run "fewer_receives_than_throttling_may_use_up_are_refused" {
  command = plan

  variables {
    max_receive_count = 4
  }

  expect_failures = [var.max_receive_count]
}

run "a_worker_of_dispatched_work_reports_and_holds_no_token" {
  command = plan

  assert {
    condition = toset(one([for statement in jsondecode(output.policy_json).Statement : statement.Resource if statement.Action == "execute-api:Invoke"])) == toset([
      for verb in ["heartbeat", "success", "failure"] : "arn:aws:execute-api:eu-central-1:111122223333:api/*/POST/callbacks/*/${verb}"
    ])
    error_message = output.policy_json
  }

  assert {
    condition     = !strcontains(output.policy_json, "states:")
    error_message = "it may settle tasks: ${output.policy_json}"
  }
}

run "a_worker_in_direct_mode_settles_the_machines_that_are_named" {
  command = plan

  variables {
    platform                   = { queue_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-completer-queue:live" }
    settles_state_machine_arns = ["arn:aws:states:eu-central-1:111122223333:stateMachine:baton-orders"]
  }

  assert {
    condition = [for statement in jsondecode(output.policy_json).Statement : statement.Resource if strcontains(jsonencode(statement.Action), "states:SendTaskSuccess")] == [
      "arn:aws:states:eu-central-1:111122223333:stateMachine:baton-orders"
    ]
    error_message = output.policy_json
  }

  assert {
    condition     = !strcontains(output.policy_json, "execute-api")
    error_message = output.policy_json
  }
}

run "messages_are_encrypted_without_a_customer_key_too" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "work would lie in the clear"
  }
}

run "every_state_machine_is_refused" {
  command = plan

  variables {
    settles_state_machine_arns = ["arn:aws:states:eu-central-1:111122223333:stateMachine:*"]
  }

  expect_failures = [var.settles_state_machine_arns]
}

run "a_visibility_shorter_than_the_work_is_refused" {
  command = plan

  variables {
    visibility_timeout_seconds = 10
  }

  expect_failures = [var.visibility_timeout_seconds]
}

run "a_retention_that_aws_does_not_have_is_refused" {
  command = plan

  variables {
    message_retention_seconds = 1209601
  }

  expect_failures = [var.message_retention_seconds]
}

run "a_name_too_long_for_a_role_is_refused" {
  command = plan

  variables {
    name = "a-name-that-goes-on-and-on-until-no-role-of-aws-could-ever-carry-it"
  }

  expect_failures = [var.name]
}
