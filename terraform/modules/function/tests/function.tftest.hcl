# The policies as AWS would get them, rendered by the provider itself without a network, and which input is refused.

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

variables {
  name    = "baton-test"
  handler = "main.handler"
  code    = { path = "main.tf" }
}

run "a_function_writes_its_own_logs_and_does_nothing_else" {
  command = plan

  assert {
    condition = jsondecode(output.policy_json).Statement == [{
      Sid      = "WriteOwnLogs"
      Effect   = "Allow"
      Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
      Resource = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/baton-test:log-stream:*"
    }]
    error_message = output.policy_json
  }

  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_alias.this.name == "live"
    error_message = "callers would be moved to new code in the middle of a deployment"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/baton-test" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "Lambda would make a log group of its own, which never expires"
  }
}

run "its_role_keeps_to_the_accounts_boundary_and_path" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/teams"
    role_path                = "/teams/"
  }

  assert {
    condition     = aws_iam_role.this.path == "/teams/" && aws_iam_role.this.permissions_boundary == "arn:aws:iam::111122223333:policy/teams"
    error_message = "an account that asks for boundary and path refuses the role"
  }
}

run "a_version_that_is_named_is_what_callers_invoke" {
  command = plan

  variables {
    live_version = "41"
  }

  assert {
    condition     = aws_lambda_alias.this.function_version == "41"
    error_message = "there is no way back to the release before"
  }
}

run "a_version_that_moves_by_itself_is_refused" {
  command = plan

  variables {
    live_version = "$LATEST"
  }

  expect_failures = [var.live_version]
}

run "no_variables_are_no_environment" {
  command = plan

  assert {
    condition     = length(aws_lambda_function.this.environment) == 0
    error_message = "an empty environment is published as a new version at each plan"
  }
}

run "in_a_vpc_lambda_makes_interfaces_in_the_named_subnets_and_the_code_makes_none" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], security_group_ids = ["sg-0123456789abcdef0"] }
  }

  assert {
    condition = (one(aws_lambda_function.this.vpc_config).subnet_ids == toset(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])
    && one(aws_lambda_function.this.vpc_config).security_group_ids == toset(["sg-0123456789abcdef0"]))
    error_message = "the function runs elsewhere"
  }

  assert {
    condition = { for statement in jsondecode(output.policy_json).Statement : statement.Sid => toset(flatten([statement.Resource])) if statement.Effect == "Allow" } == {
      WriteOwnLogs     = toset(["arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/baton-test:log-stream:*"])
      RemoveInterfaces = toset(["arn:aws:ec2:eu-central-1:111122223333:*/*"])
      FindInterfaces   = toset(["*"])
      MakeInterfaces = toset([
        "arn:aws:ec2:eu-central-1:111122223333:network-interface/*", "arn:aws:ec2:eu-central-1:*:security-group/sg-0123456789abcdef0",
        "arn:aws:ec2:eu-central-1:*:subnet/subnet-0123456789abcdef0", "arn:aws:ec2:eu-central-1:*:subnet/subnet-0123456789abcdef1",
      ])
    }
    error_message = output.policy_json
  }

  assert {
    condition = [for statement in jsondecode(output.policy_json).Statement : [toset(statement.Action), statement.Condition] if statement.Effect == "Deny"] == [[
      toset(flatten([for statement in jsondecode(output.policy_json).Statement : statement.Action if endswith(statement.Sid, "Interfaces")])),
      { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:eu-central-1:111122223333:function:baton-test" } },
    ]]
    error_message = output.policy_json
  }
}

run "no_subnets_are_refused" {
  command = plan

  variables {
    vpc = { subnet_ids = [], security_group_ids = ["sg-0123456789abcdef0"] }
  }

  expect_failures = [var.vpc]
}

run "a_subnet_by_its_arn_is_refused" {
  command = plan

  variables {
    vpc = { subnet_ids = ["arn:aws:ec2:eu-central-1:111122223333:subnet/subnet-0123456789abcdef0"], security_group_ids = ["sg-0123456789abcdef0"] }
  }

  expect_failures = [var.vpc]
}

run "a_security_group_by_its_name_is_refused" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-0123456789abcdef0"], security_group_ids = ["default"] }
  }

  expect_failures = [var.vpc]
}

run "failed_events_are_kept" {
  command = plan

  variables {
    asynchronous = { dead_letter_queue_arn = "arn:aws:sqs:eu-central-1:111122223333:dead" }
  }

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.this[0].destination_config).on_failure).destination == "arn:aws:sqs:eu-central-1:111122223333:dead"
    error_message = "an event that fails three times would be lost"
  }

  assert {
    condition = [
      for statement in jsondecode(output.policy_json).Statement : statement.Resource if statement.Action == "sqs:SendMessage"
    ] == ["arn:aws:sqs:eu-central-1:111122223333:dead"]
    error_message = output.policy_json
  }
}

run "failed_events_are_told_to_a_function" {
  command = plan

  variables {
    asynchronous = { failure_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-completer-destinations:live" }
  }

  assert {
    condition = [
      for statement in jsondecode(output.policy_json).Statement : statement.Resource if statement.Action == "lambda:InvokeFunction"
    ] == ["arn:aws:lambda:eu-central-1:111122223333:function:baton-completer-destinations:live"]
    error_message = output.policy_json
  }
}

run "failed_events_that_go_nowhere_are_refused" {
  command = plan

  variables {
    asynchronous = { maximum_retry_attempts = 1 }
  }

  expect_failures = [var.asynchronous]
}

run "messages_of_a_queue_come_again_one_by_one" {
  command = plan

  variables {
    queues = { orders = { arn = "arn:aws:sqs:eu-central-1:111122223333:orders" } }
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["orders"].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "one bad message would bring back the whole batch, and with it work that is done"
  }

  assert {
    condition = [
      for statement in jsondecode(output.policy_json).Statement : [statement.Action, statement.Resource] if statement.Sid == "TakeMessages"
    ] == [[["sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:DeleteMessage"], "arn:aws:sqs:eu-central-1:111122223333:orders"]]
    error_message = output.policy_json
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["orders"].function_name == "arn:aws:lambda:eu-central-1:111122223333:function:baton-test:live"
    error_message = "messages would invoke another version than everybody else"
  }
}

run "a_batch_that_lambda_does_not_take_is_refused" {
  command = plan

  variables {
    queues = { orders = { arn = "arn:aws:sqs:eu-central-1:111122223333:orders", batch_size = 11 } }
  }

  expect_failures = [var.queues]
}

run "a_customer_key_is_used_through_the_services_that_hold_data" {
  command = plan

  variables {
    encryption_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/k" }
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.key[0].json).Statement[0] == {
      Sid       = "UseKeyThroughServices"
      Effect    = "Allow"
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "arn:aws:kms:eu-central-1:111122223333:key/k"
      Condition = { StringEquals = { "kms:ViaService" = ["dynamodb.eu-central-1.amazonaws.com", "sns.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com"] } }
    }
    error_message = data.aws_iam_policy_document.key[0].json
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-central-1:111122223333:key/k"
    error_message = "the log group is not encrypted with the key"
  }
}

run "released_code_comes_from_s3_with_its_hash" {
  command = plan

  variables {
    code = { s3_bucket = "releases", s3_key = "v1/dispatcher.zip", sha256_base64 = "aGFzaA==" }
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == "aGFzaA==" && aws_lambda_function.this.s3_key == "v1/dispatcher.zip"
    error_message = "the released zip is not what would be deployed"
  }
}

run "code_in_s3_without_a_hash_is_refused" {
  command = plan

  variables {
    code = { s3_bucket = "releases", s3_key = "v1/dispatcher.zip" }
  }

  expect_failures = [var.code]
}

run "two_places_for_the_code_are_refused" {
  command = plan

  variables {
    code = { path = "main.tf", s3_bucket = "releases", s3_key = "k", sha256_base64 = "aGFzaA==" }
  }

  expect_failures = [var.code]
}

run "a_wildcard_action_is_refused" {
  command = plan

  variables {
    statements = [{ sid = "All", actions = ["states:*"], resources = ["arn:aws:states:eu-central-1:111122223333:stateMachine:x"] }]
  }

  expect_failures = [var.statements]
}

run "any_resource_needs_a_reason" {
  command = plan

  variables {
    statements = [{ sid = "All", actions = ["ssm:SendCommand"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "a_name_too_long_for_a_role_is_refused" {
  command = plan

  variables {
    name = "a-name-that-goes-on-and-on-until-no-role-of-aws-could-ever-carry-it"
  }

  expect_failures = [var.name]
}

run "a_timeout_beyond_lambda_is_refused" {
  command = plan

  variables {
    timeout_seconds = 901
  }

  expect_failures = [var.timeout_seconds]
}

run "a_retention_that_aws_does_not_have_is_refused" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}
