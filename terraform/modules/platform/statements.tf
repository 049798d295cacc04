# What each function may do, and why. One role per door: a door that is broken open cannot do another's work.

locals {
  table_arn        = module.callback_store.arn
  run_document_arn = "arn:${local.partition}:ssm:${local.region}:${local.account_id}:document/${local.run_document_name}"

  use_callbacks = {
    sid       = "UseCallbacks"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"]
    resources = concat([local.table_arn], values(module.callback_store.index_arns))
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
    actions   = ["states:DescribeExecution", "states:GetExecutionHistory"]
    resources = local.execution_arns
  }

  # No resource in AWS for either: a command is found by its id or, after a crash, by its Comment.
  find_commands = {
    sid                  = "FindCommands"
    actions              = ["ssm:ListCommands"]
    resources            = ["*"]
    any_resource_because = "ssm:ListCommands has no resource-level permissions."
  }

  follow_commands = {
    sid                  = "FollowCommands"
    actions              = ["ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:GetCommandInvocation", "ssm:CancelCommand"]
    resources            = ["*"]
    any_resource_because = "Run Command has no resource-level permissions for reading and cancelling commands."
  }

  statements = {
    dispatcher = [
      local.use_callbacks,
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
    ]

    completer-http     = [local.use_callbacks, local.settle_tasks, local.read_executions]
    completer-events   = [local.use_callbacks, local.settle_tasks, local.read_executions, local.follow_commands]
    completer-schedule = [local.use_callbacks, local.settle_tasks, local.read_executions, local.follow_commands]
  }
}
