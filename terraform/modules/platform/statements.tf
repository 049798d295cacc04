# What each function and an operator may do: wiring/policies.json says it, and why, with placeholders that stand for the names of this
# platform. One role for each handler: whoever breaks into one cannot do the work of another.

locals {
  table_arn        = module.callback_store.arn
  run_document_arn = "arn:${local.partition}:ssm:${local.region}:${local.account_id}:document/${local.run_document_name}"

  # One name of the file becomes one for each of a list.
  several = { for name, list in {
    dead_letter_arns       = local.dead_letter_arns
    execution_arns         = local.execution_arns
    index_arns             = values(module.callback_store.index_arns)
    key_arns               = local.any_key_with_link_alias
    link_key_aliases       = local.link_key_aliases
    settled_arns           = var.settle_any_state_machine ? ["*"] : local.state_machine_arns
    state_machine_arns     = local.state_machine_arns
    state_machine_key_arns = var.state_machine_key_arns
    mail_arns              = local.mail_arns
    mail_queue_arns        = [for name, arn in local.queue_arns : arn if name == "mail"]
    worker_function_arns   = flatten([for arn in local.worker_function_arns : [arn, "${arn}:*"]])
    worker_queue_arns      = local.worker_queue_arns
  } : name => join("\", \"", list) }

  policies = jsondecode(templatefile("${path.module}/wiring/policies.json", merge(local.several, {
    completions_queue_arn = local.queue_arns["completions"]
    dns_suffix            = data.aws_partition.current.dns_suffix
    host_tag_key          = local.host_tag.key
    host_tag_value        = local.host_tag.value
    instance_arns         = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:instance/*"
    mail_address          = local.mail_address
    notice_topic_arn      = local.notice_topic_arn
    region                = local.region
    run_document_arn      = local.run_document_arn
    table_arn             = local.table_arn
  })))

  # A list that is empty leaves one empty name: its statement says nothing.
  statements_by_name = { for name, statement in local.policies.statements : name => {
    sid                  = statement.sid
    actions              = statement.actions
    resources            = statement.resources
    conditions           = try(statement.conditions, [])
    any_resource_because = try(statement.anyResourceBecause, null)
  } if length(compact(statement.resources)) > 0 }

  statements          = { for function, names in local.policies.functions : function => [for name in names : local.statements_by_name[name] if can(local.statements_by_name[name])] }
  operator_statements = [for name in local.policies.operator : local.statements_by_name[name] if can(local.statements_by_name[name])]
}
