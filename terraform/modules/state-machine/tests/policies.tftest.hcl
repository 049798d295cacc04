# The policies as AWS would get them, rendered by the provider itself without a network.

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

# The provider would ask AWS to validate the definition as soon as it knows all of the machine.
override_resource {
  target          = aws_sfn_state_machine.this
  override_during = plan
}

variables {
  name            = "baton-test"
  definition_file = "tests/definitions/waits.asl.json"
}

run "only_this_state_machine_of_this_account_takes_the_role" {
  command = plan

  assert {
    condition = jsondecode(output.trust_policy_json).Statement[0] == {
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:states:eu-central-1:111122223333:stateMachine:baton-test" }
      }
    }
    error_message = output.trust_policy_json
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

run "on_every_resource_it_may_deliver_logs_and_nothing_else" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(output.policy_json).Statement : statement.Sid if statement.Resource == "*"
    ] == ["DeliverLogs"]
    error_message = output.policy_json
  }
}

run "it_may_dispatch_the_work_that_it_is_made_from" {
  command = plan

  variables {
    definition_file = null
    platform        = { dispatcher_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher:live" }
    work            = { kind = "queue", queueUrl = "https://sqs/111122223333/q", message = null, timeoutSeconds = 3600 }
  }

  assert {
    condition = jsondecode(output.policy_json).Statement[0] == {
      Sid      = "Dispatch"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = "arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher:live"
    }
    error_message = output.policy_json
  }
}

run "it_may_do_what_it_is_given" {
  command = plan

  variables {
    tracing = true
    statements = [{
      sid        = "Dispatch"
      actions    = ["lambda:InvokeFunction"]
      resources  = ["arn:aws:lambda:eu-central-1:111122223333:function:f:live"]
      conditions = [{ test = "StringEquals", variable = "aws:ResourceAccount", values = ["111122223333"] }]
    }]
  }

  assert {
    condition = jsondecode(output.policy_json).Statement[0] == {
      Sid       = "Dispatch"
      Effect    = "Allow"
      Action    = "lambda:InvokeFunction"
      Resource  = "arn:aws:lambda:eu-central-1:111122223333:function:f:live"
      Condition = { StringEquals = { "aws:ResourceAccount" = "111122223333" } }
    }
    error_message = output.policy_json
  }

  assert {
    condition     = strcontains(output.policy_json, "xray:PutTraceSegments")
    error_message = output.policy_json
  }
}

run "a_customer_key_is_used_for_its_own_executions" {
  command = plan

  variables {
    encryption_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/k" }
  }

  assert {
    condition = jsondecode(data.aws_iam_policy_document.key[0].json).Statement[0].Condition == {
      StringEquals = { "kms:EncryptionContext:aws:states:stateMachineArn" = "arn:aws:states:eu-central-1:111122223333:stateMachine:baton-test" }
    }
    error_message = data.aws_iam_policy_document.key[0].json
  }

  assert {
    condition = [for statement in jsondecode(data.aws_iam_policy_document.key[0].json).Statement : [statement.Action, statement.Condition] if statement.Sid == "EncryptOwnLogs"] == [
      ["kms:GenerateDataKey", { StringEquals = { "kms:EncryptionContext:SourceArn" = "arn:aws:logs:eu-central-1:111122223333:*" } }]
    ]
    error_message = data.aws_iam_policy_document.key[0].json
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-central-1:111122223333:key/k"
    error_message = "the log group is not encrypted with the key"
  }

  assert {
    condition     = output.key_arns == ["arn:aws:kms:eu-central-1:111122223333:key/k"]
    error_message = "the platform is not told of the key, and could not read what became of an outcome"
  }
}
