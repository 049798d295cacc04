output "dispatcher_function_arn" {
  description = "What a waiting state invokes: FunctionName of lambda:invoke.waitForTaskToken. Known in the plan."
  value       = module.function["dispatcher"].alias_arn
}

output "endpoint" {
  description = "Where workers report."
  value       = local.endpoint
}

output "api_execution_arn" {
  description = "What a worker's role is allowed execute-api:Invoke on, with /STAGE/METHOD/PATH after it."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "table_name" {
  description = "Name of the table of callbacks."
  value       = module.callback_store.name
}

output "run_document_name" {
  description = "Name of the SSM document that runs a job."
  value       = aws_ssm_document.run_job.name
}

output "completions_queue_url" {
  description = "Where workers send reports that need no answer."
  value       = aws_sqs_queue.first["completions"].url
}

output "completions_queue_arn" {
  description = "What a worker's role is allowed sqs:SendMessage on. Known in the plan."
  value       = local.queue_arns["completions"]
}

output "queue_function_arn" {
  description = "Map a dead-letter queue to it, and the tasks of its messages fail (module queue-worker). Known in the plan."
  value       = module.function["completer-queue"].alias_arn

  # Known in the plan, and there when it is used: Lambda maps no queue to a function that is still to be made.
  depends_on = [module.function]
}

output "destination_function_arn" {
  description = "The on-failure destination of functions that work asynchronously. Known in the plan."
  value       = module.function["completer-destinations"].alias_arn

  depends_on = [module.function]
}

output "notice_topic_arn" {
  description = "Subscribe approvers to it (module approvals). Known in the plan."
  value       = local.notice_topic_arn
}

output "worker_names" {
  description = "What queues and functions that work are called; a * at the end makes a name a prefix."
  value       = local.worker_names
}

output "encryption_key" {
  description = "The key of table, queues and notices, for queues of workers. null: keys that AWS owns."
  value       = local.encryption_key
}

output "host_role_names" {
  description = "Names of the roles whose instances may report."
  value       = local.host_role_names
}

output "host_tag" {
  description = "The tag that makes an instance a host."
  value       = local.host_tag
}

output "dead_letter_queue_url" {
  description = "Events that could not be handled."
  value       = aws_sqs_queue.dead_letters.url
}

output "function_names" {
  description = "Name of each function, by its name in the wiring."
  value       = { for name, function in module.function : name => function.name }
}

output "state_machine_names" {
  description = "What state machines that may be settled are called; a * at the end makes a name a prefix. NAME/* are the children of NAME's distributed Maps."
  value       = local.state_machine_names
}

output "for_workflows" {
  description = "What the modules and examples that work with this platform take as platform."
  value = {
    name_prefix              = var.name_prefix
    state_machine_names      = local.state_machine_names
    dispatcher_function_arn  = module.function["dispatcher"].alias_arn
    queue_function_arn       = module.function["completer-queue"].alias_arn
    destination_function_arn = module.function["completer-destinations"].alias_arn
    notice_topic_arn         = local.notice_topic_arn
    endpoint                 = local.endpoint
    api_execution_arn        = aws_apigatewayv2_api.this.execution_arn
  }

  depends_on = [module.function]
}

output "policies" {
  description = "What each function and an operator may do, who may be one, and who may use dead letters and key: JSON, readable in the plan."
  value = merge(
    { for name, function in module.function : name => function.policy_json },
    { operator = data.aws_iam_policy_document.operator.json },
    { dead-letters = data.aws_iam_policy_document.dead_letters.json },
    { link-key = data.aws_iam_policy_document.link_key.json },
    { for policy in data.aws_iam_policy_document.key : "key" => policy.json },
    { for policy in data.aws_iam_policy_document.operators : "operators" => policy.json },
  )
}

output "operator_policy_arn" {
  description = "Attach it to the role of the people who settle callbacks by hand."
  value       = aws_iam_policy.operator.arn
}

output "operator_role_arn" {
  description = "The role that operator_arns may take; null where they are empty."
  value       = one(aws_iam_role.operator[*].arn)
}

output "deletion_protection" {
  description = "Whether the table refuses to be deleted."
  value       = var.deletion_protection
}

output "domain_target" {
  description = "Where the record of var.domain points: target name and hosted zone of an alias record. null without a domain."
  value = one([for domain in aws_apigatewayv2_domain_name.this : {
    name    = domain.domain_name_configuration[0].target_domain_name
    zone_id = domain.domain_name_configuration[0].hosted_zone_id
  }])
}
