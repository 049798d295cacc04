# What each function may do, and why. One role for each handler: whoever breaks into one cannot do the work of another.

locals {
  table_arn        = module.callback_store.arn
  run_document_arn = "arn:${local.partition}:ssm:${local.region}:${local.account_id}:document/${local.run_document_name}"

  read_and_write_callbacks = {
    sid       = "ReadAndWriteCallbacks"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [local.table_arn]
  }

  find_open_callbacks = {
    sid       = "FindOpenCallbacks"
    actions   = ["dynamodb:Query"]
    resources = values(module.callback_store.index_arns)
  }

  # The authorization reference knows no resource for these, yet AWS checks them against the state machine's ARN, and names it in its
  # denials. settle_any_state_machine is the way back should that change.
  settle_tasks = {
    sid                  = "SettleTasks"
    actions              = ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"]
    resources            = var.settle_any_state_machine ? ["*"] : local.state_machine_arns
    any_resource_because = "settle_any_state_machine asks for it: the authorization reference lists no resource for SendTask*."
  }

  # After an answer of Step Functions got lost, its history alone knows whether it had accepted the outcome.
  read_executions = {
    sid       = "ReadExecutions"
    actions   = ["states:GetExecutionHistory"]
    resources = local.execution_arns
  }

  # A history is decrypted with its reader's rights. Outcomes are encrypted with those of the state machine's role: SendTask* needs no key.
  read_encrypted_executions = length(var.state_machine_key_arns) == 0 ? [] : [{
    sid       = "ReadEncryptedExecutions"
    actions   = ["kms:Decrypt"]
    resources = var.state_machine_key_arns
    conditions = [
      { test = "StringEquals", variable = "kms:ViaService", values = ["states.${local.region}.${data.aws_partition.current.dns_suffix}"] },
      { test = "StringLike", variable = "kms:EncryptionContext:aws:states:stateMachineArn", values = local.state_machine_arns },
    ]
  }]

  # An outcome that Step Functions did not take is told again by whoever takes this message.
  remind_of_outcomes = {
    sid       = "RemindOfOutcomes"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arns["completions"]]
  }

  # After a crash in the middle of SendCommand its Comment tells whether it was sent.
  find_commands = {
    sid                  = "FindCommands"
    actions              = ["ssm:ListCommands"]
    resources            = ["*"]
    any_resource_because = "ssm:ListCommands has no resource-level permissions."
  }

  follow_commands = {
    sid                  = "FollowCommands"
    actions              = ["ssm:ListCommands", "ssm:GetCommandInvocation", "ssm:CancelCommand"]
    resources            = ["*"]
    any_resource_because = "Run Command has no resource-level permissions for reading and cancelling commands."
  }

  verify_links = {
    sid        = "VerifyLinks"
    actions    = ["kms:VerifyMac"]
    resources  = local.any_key_with_link_alias
    conditions = [local.by_link_alias]
  }

  statements = {
    dispatcher = [
      local.read_and_write_callbacks,
      {
        sid       = "SendOwnDocument"
        actions   = ["ssm:SendCommand"]
        resources = [local.run_document_arn]
      },
      # Apart from the document, which has no such tag: in one statement the condition would refuse it.
      {
        sid       = "SendToTaggedHosts"
        actions   = ["ssm:SendCommand"]
        resources = ["arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"]
        conditions = [{
          test     = "StringEquals"
          variable = "aws:ResourceTag/${local.host_tag.key}"
          values   = [local.host_tag.value]
        }]
      },
      local.find_commands,
      {
        sid       = "GiveWorkToQueues"
        actions   = ["sqs:SendMessage"]
        resources = local.worker_queue_arns
      },
      # Not every function of the prefix: a state machine's author must not reach the handlers through the dispatcher.
      {
        sid       = "GiveWorkToFunctions"
        actions   = ["lambda:InvokeFunction"]
        resources = flatten([for arn in local.worker_function_arns : [arn, "${arn}:*"]])
      },
      {
        sid       = "TellApprovers"
        actions   = ["sns:Publish"]
        resources = [local.notice_topic_arn]
      },
      {
        sid        = "SignLinks"
        actions    = ["kms:GenerateMac"]
        resources  = local.any_key_with_link_alias
        conditions = [local.by_link_alias]
      },
    ]

    completer-http         = local.settle_callbacks
    completer-approvals    = concat(local.settle_callbacks, [local.verify_links])
    completer-webhooks     = concat(local.settle_callbacks, [local.verify_links])
    completer-destinations = local.settle_callbacks
    completer-queue = concat(local.settle_callbacks, [{
      sid       = "TakeDeadLettersOfWorkers"
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = local.dead_letter_arns
    }])
    completer-events   = concat(local.settle_callbacks, [local.follow_commands])
    completer-schedule = concat(local.settle_callbacks, [local.follow_commands])
  }

  settle_callbacks = concat(
    [local.read_and_write_callbacks, local.find_open_callbacks, local.settle_tasks, local.read_executions, local.remind_of_outcomes],
    local.read_encrypted_executions,
  )
}
