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

override_data {
  target = module.function["dispatcher"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-http"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-events"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-schedule"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-queue"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-approvals"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-webhooks"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.function["completer-destinations"].data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.callback_store.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  name_prefix = "baton-test"
  # Any file does: nothing is uploaded.
  artifacts = {
    dispatcher = { path = "main.tf" }
    completer  = { path = "main.tf" }
  }
}

run "no_policy_has_a_wildcard_action" {
  command = plan

  assert {
    condition = alltrue([
      for policy in values(output.policies) : alltrue([
        for statement in jsondecode(policy).Statement : !strcontains(jsonencode(statement.Action), "*")
      ])
    ])
    error_message = jsonencode(output.policies)
  }
}

run "every_role_keeps_to_the_accounts_boundary_and_path" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/teams"
    role_path                = "/teams/"
    operator_arns            = ["arn:aws:iam::111122223333:role/oncall"]
  }

  assert {
    condition     = alltrue([for role in concat(values(module.function)[*].role, aws_iam_role.operator) : role.path == "/teams/" && role.permissions_boundary == "arn:aws:iam::111122223333:policy/teams"])
    error_message = "an account that asks for boundary and path refuses the role"
  }

  assert {
    condition     = strcontains(output.policies["link-key"], "arn:aws:iam::111122223333:role/teams/baton-test-dispatcher")
    error_message = "no link is signed: ${output.policies["link-key"]}"
  }
}

run "a_worker_by_its_exact_name_has_dead_letters_and_encrypted_logs" {
  command = plan

  variables {
    workers = { names = ["resize-photos"] }
  }

  assert {
    condition = toset([for statement in jsondecode(output.policies["completer-queue"]).Statement : statement.Resource if statement.Sid == "TakeDeadLettersOfWorkers"][0]) == toset([
      for name in ["resize-photos", "resize-photos-dead"] : "arn:aws:sqs:eu-central-1:111122223333:${name}"
    ])
    error_message = output.policies["completer-queue"]
  }

  assert {
    condition     = [for statement in jsondecode(output.policies["dispatcher"]).Statement : statement.Resource if statement.Sid == "GiveWorkToQueues"] == ["arn:aws:sqs:eu-central-1:111122223333:resize-photos"]
    error_message = "work would be given to dead letters: ${output.policies["dispatcher"]}"
  }

  assert {
    condition     = strcontains(output.policies["key"], "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/resize-photos\"")
    error_message = "the worker's log group is refused the key: ${output.policies["key"]}"
  }
}

run "only_what_has_no_resource_in_aws_is_allowed_on_all" {
  command = plan

  assert {
    condition = toset(flatten([
      for name, policy in output.policies : [
        for statement in jsondecode(policy).Statement : [for action in flatten([statement.Action]) : "${name} ${action}"]
        if contains(flatten([statement.Resource]), "*")
      ] if !endswith(name, "key")
      ])) == toset(concat(["dispatcher ssm:ListCommands", "dispatcher sns:GetSubscriptionAttributes", "completer-queue ssm:ListCommands", "completer-queue ssm:GetCommandInvocation"], [for name in ["completer-queue", "completer-schedule"] : "${name} ec2:DescribeInstances"], flatten([
        for name in ["completer-events", "completer-schedule"] : [
          for action in ["CancelCommand", "GetCommandInvocation", "ListCommands"] : "${name} ssm:${action}"
        ]
    ])))
    error_message = "on every resource: ${jsonencode([for policy in values(output.policies) : [for statement in jsondecode(policy).Statement : statement.Action if contains(flatten([statement.Resource]), "*")]])}"
  }
}

run "the_dispatcher_sends_its_own_document_to_tagged_hosts_of_the_account_and_settles_nothing" {
  command = plan

  assert {
    condition = jsonencode([
      for statement in jsondecode(output.policies["dispatcher"]).Statement : [statement.Resource, try(statement.Condition, null)]
      if statement.Action == "ssm:SendCommand"
      ]) == jsonencode([
      ["arn:aws:ssm:eu-central-1:111122223333:document/baton-test-run-job", null],
      ["arn:aws:ec2:eu-central-1:111122223333:instance/*", { StringEquals = { "aws:ResourceTag/baton" = "baton-test" } }],
    ])
    error_message = output.policies["dispatcher"]
  }

  assert {
    condition     = !strcontains(output.policies["dispatcher"], "states:")
    error_message = "the dispatcher may settle tasks: ${output.policies["dispatcher"]}"
  }
}

run "tasks_are_settled_on_state_machines_of_the_prefix" {
  command = plan

  assert {
    condition = alltrue([
      for name in [for name in keys(local.functions) : name if name != "dispatcher"] : one([
        for statement in jsondecode(output.policies[name]).Statement : statement.Resource
        if strcontains(jsonencode(statement.Action), "states:SendTaskSuccess")
      ]) == "arn:aws:states:eu-central-1:111122223333:stateMachine:baton-test-*"
    ])
    error_message = output.policies["completer-http"]
  }

  assert {
    condition     = !strcontains(output.policies["completer-http"], "ssm:")
    error_message = "the HTTP handler needs no Run Command: ${output.policies["completer-http"]}"
  }
}

run "tasks_are_settled_on_the_state_machines_of_a_list" {
  command = plan

  variables {
    state_machine_names = ["orders", "reports-*"]
  }

  assert {
    condition = toset(one([
      for statement in jsondecode(output.policies["completer-http"]).Statement : statement.Resource
      if strcontains(jsonencode(statement.Action), "states:SendTaskSuccess")
    ])) == toset([for name in ["orders", "orders/*", "reports-*"] : "arn:aws:states:eu-central-1:111122223333:stateMachine:${name}"])
    error_message = output.policies["completer-http"]
  }
}

run "an_operator_looks_and_settles_and_does_nothing_else" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(output.policies["operator"]).Statement : statement.Sid => [toset(flatten([statement.Action])), toset(flatten([statement.Resource]))]
      } == {
      LookAtCallbacks   = [toset(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]), toset(["arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks"])]
      FindOpenCallbacks = [toset(["dynamodb:Query"]), toset([for index in ["due", "open", "byExecution", "byInstance"] : "arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks/index/${index}"])]
      RecordWhoSettled  = [toset(["dynamodb:PutItem"]), toset(["arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks"])]
      SettleTasks       = [toset(["states:SendTaskFailure", "states:SendTaskSuccess"]), toset(["arn:aws:states:eu-central-1:111122223333:stateMachine:baton-test-*"])]
      ReadExecutions    = [toset(["states:GetExecutionHistory"]), toset(["arn:aws:states:eu-central-1:111122223333:execution:baton-test-*:*"])]
    }
    error_message = output.policies["operator"]
  }
}

run "operators_are_who_is_named" {
  command = plan

  variables {
    operator_arns = ["arn:aws:iam::111122223333:role/on-call"]
    encryption    = { create_key = false }
  }

  assert {
    condition     = jsondecode(output.policies["operators"]).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:role/on-call" } }]
    error_message = output.policies["operators"]
  }

  assert {
    condition     = aws_iam_role.operator[0].name == "baton-test-operator" && jsondecode(aws_iam_role_policy.operator[0].policy) == jsondecode(output.policies["operator"])
    error_message = "the role may do something else than the policy"
  }
}

run "everybody_is_no_operator" {
  command = plan

  variables {
    operator_arns = ["*"]
  }

  expect_failures = [var.operator_arns]
}

run "who_reads_histories_decrypts_those_of_the_platforms_state_machines_alone" {
  command = plan

  variables {
    state_machine_key_arns = ["arn:aws:kms:eu-central-1:111122223333:key/orders"]
  }

  assert {
    condition = { for name, policy in output.policies : name => [
      for statement in jsondecode(policy).Statement : [statement.Action, statement.Resource, statement.Condition] if statement.Sid == "ReadEncryptedExecutions"
      ] if strcontains(policy, "states:GetExecutionHistory") } == {
      for name in concat([for name in keys(local.functions) : name if name != "dispatcher"], ["operator"]) : name => [["kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:key/orders", {
        StringEquals = { "kms:ViaService" = "states.eu-central-1.amazonaws.com" }
        StringLike   = { "kms:EncryptionContext:aws:states:stateMachineArn" = "arn:aws:states:eu-central-1:111122223333:stateMachine:baton-test-*" }
      }]]
    }
    error_message = jsonencode(output.policies)
  }

  assert {
    condition     = !strcontains(output.policies["dispatcher"], "kms:Decrypt")
    error_message = output.policies["dispatcher"]
  }
}

run "the_way_back_settles_on_any_resource" {
  command = plan

  variables {
    settle_any_state_machine = true
  }

  assert {
    condition = one([
      for statement in jsondecode(output.policies["completer-http"]).Statement : statement.Resource
      if strcontains(jsonencode(statement.Action), "states:SendTaskSuccess")
    ]) == "*"
    error_message = output.policies["completer-http"]
  }
}

run "callbacks_are_read_and_written_one_by_one_and_found_by_the_indexes" {
  command = plan

  assert {
    condition = alltrue([
      for name in keys(local.functions) : [
        for statement in jsondecode(output.policies[name]).Statement : [statement.Action, statement.Resource] if strcontains(jsonencode(statement.Action), "dynamodb:PutItem")
      ] == [[["dynamodb:PutItem", "dynamodb:GetItem"], "arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks"]]
    ])
    error_message = output.policies["dispatcher"]
  }

  assert {
    condition = toset(one([
      for statement in jsondecode(output.policies["completer-schedule"]).Statement : statement.Resource if statement.Action == "dynamodb:Query"
    ])) == toset([for index in ["due", "open", "byExecution", "byInstance"] : "arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks/index/${index}"])
    error_message = output.policies["completer-schedule"]
  }
}

run "dead_letters_come_from_the_rules_of_this_platform_only" {
  command = plan

  assert {
    condition = (
      toset(jsondecode(output.policies["dead-letters"]).Statement[0].Condition.ArnEquals["aws:SourceArn"])
      == toset([for rule in ["ssm-invocation-ended", "host-ended", "spot-warning", "execution-ended", "reconcile"] : "arn:aws:events:eu-central-1:111122223333:rule/baton-test-${rule}"])
      && jsondecode(output.policies["dead-letters"]).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    )
    error_message = output.policies["dead-letters"]
  }
}

run "the_key_serves_the_account_through_the_services_that_hold_callbacks" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["key"]).Statement :
      can(statement.Condition) || statement.Sid == "AdministerByIam"
    ])
    error_message = "a statement without a condition: ${output.policies["key"]}"
  }

  assert {
    condition = !anytrue([
      for statement in jsondecode(output.policies["key"]).Statement :
      anytrue([for action in flatten([statement.Action]) : contains(["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"], action)])
      if statement.Sid == "AdministerByIam"
    ])
    error_message = "who administers the key may read with it: ${output.policies["key"]}"
  }

  assert {
    condition = {
      for statement in jsondecode(output.policies["key"]).Statement : statement.Sid => statement.Condition.StringEquals["kms:ViaService"]
      if can(statement.Condition.StringEquals["kms:ViaService"])
      } == {
      UseByIamThroughServices = ["dynamodb.eu-central-1.amazonaws.com", "sns.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com"]
      LetDynamoDbHoldTheKey   = "dynamodb.eu-central-1.amazonaws.com"
    }
    error_message = output.policies["key"]
  }

  assert {
    condition     = !strcontains(output.policies["key"], "\"AWS\":\"*\"")
    error_message = output.policies["key"]
  }
}

run "work_is_given_to_workers_and_not_to_the_doors" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(output.policies["dispatcher"]).Statement : statement.Action => statement.Resource
      if contains(["sqs:SendMessage", "lambda:InvokeFunction", "sns:Publish"], statement.Action) && statement.Sid != "Remind"
      } == {
      "sqs:SendMessage"       = "arn:aws:sqs:eu-central-1:111122223333:baton-test-work-*"
      "lambda:InvokeFunction" = ["arn:aws:lambda:eu-central-1:111122223333:function:baton-test-work-*:*", "arn:aws:lambda:eu-central-1:111122223333:function:baton-test-work-*"]
      "sns:Publish"           = "arn:aws:sns:eu-central-1:111122223333:baton-test-notices"
    }
    error_message = output.policies["dispatcher"]
  }
}

run "whoever_stores_or_tells_an_outcome_and_the_dispatcher_may_ask_to_be_reminded" {
  command = plan

  assert {
    condition = alltrue([
      for name in keys(local.functions) : one([
        for statement in jsondecode(output.policies[name]).Statement : [statement.Action, statement.Resource] if statement.Sid == "Remind"
      ]) == ["sqs:SendMessage", "arn:aws:sqs:eu-central-1:111122223333:baton-test-completions"]
    ])
    error_message = jsonencode(output.policies)
  }
}

run "the_dispatcher_signs_links_and_two_doors_verify_them" {
  command = plan

  assert {
    condition = {
      for name, policy in output.policies : name => [
        for statement in jsondecode(policy).Statement : [statement.Action, statement.Condition] if endswith(try(tostring(statement.Action), ""), "Mac")
      ] if name != "link-key" && strcontains(policy, "Mac\"")
      } == {
      for name, action in { dispatcher = "kms:GenerateMac", completer-approvals = "kms:VerifyMac", completer-webhooks = "kms:VerifyMac" } :
      name => [[action, { StringEquals = { "kms:RequestAlias" = "alias/baton-test-links-1" } }]]
    }
    error_message = jsonencode(output.policies)
  }

  assert {
    condition = jsonencode([for statement in jsondecode(output.policies["link-key"]).Statement : [statement.Action, statement.Condition.ArnEquals["aws:PrincipalArn"]] if can(statement.Condition)]) == jsonencode([
      ["kms:GenerateMac", "arn:aws:iam::111122223333:role/baton-test-dispatcher"],
      ["kms:VerifyMac", ["arn:aws:iam::111122223333:role/baton-test-completer-approvals", "arn:aws:iam::111122223333:role/baton-test-completer-webhooks"]],
    ])
    error_message = output.policies["link-key"]
  }
}

run "messages_are_taken_from_the_completions_queue_and_from_queues_of_workers" {
  command = plan

  assert {
    condition = toset([
      for statement in jsondecode(output.policies["completer-queue"]).Statement : statement.Resource if strcontains(jsonencode(statement.Action), "sqs:ReceiveMessage")
    ]) == toset(["arn:aws:sqs:eu-central-1:111122223333:baton-test-completions", "arn:aws:sqs:eu-central-1:111122223333:baton-test-work-*"])
    error_message = output.policies["completer-queue"]
  }

  assert {
    condition     = !anytrue([for name, policy in output.policies : strcontains(policy, "sqs:ReceiveMessage") if name != "completer-queue"])
    error_message = "another handler takes messages"
  }
}
