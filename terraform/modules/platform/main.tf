# Baton for one environment. This file holds the names that the others are built from; table.tf, functions.tf, http-api.tf, events.tf,
# queues.tf, links.tf, notices.tf, document.tf and statements.tf each make one part. What the parts are called, which events they take and which routes they have stands in
# wiring/, which the local platform reads too.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  table_name        = "${var.name_prefix}-callbacks"
  run_document_name = "${var.name_prefix}-run-job"
  host_role_names   = coalescelist(var.hosts.role_names, ["${var.name_prefix}-host"])
  host_tag          = coalesce(var.hosts.tag, { key = "baton", value = var.name_prefix })

  # A child of a Distributed Map runs as the state machine NAME/LABEL, which a prefix covers.
  state_machine_names = flatten([for name in coalescelist(var.state_machine_names, ["${var.name_prefix}-*"]) : endswith(name, "*") ? [name] : [name, "${name}/*"]])
  state_machine_arns  = [for name in local.state_machine_names : "arn:${local.partition}:states:${local.region}:${local.account_id}:stateMachine:${name}"]
  execution_arns      = [for name in local.state_machine_names : "arn:${local.partition}:states:${local.region}:${local.account_id}:execution:${name}:*"]

  worker_names      = coalescelist(var.workers.names, ["${var.name_prefix}-work-*"])
  worker_role_names = coalescelist(var.workers.role_names, local.worker_names)
  worker_queue_arns = [for name in local.worker_names : "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${name}"]
  # Module queue-worker keeps the dead letters of NAME in NAME-dead, which a prefix covers.
  dead_letter_arns     = flatten([for arn in local.worker_queue_arns : endswith(arn, "*") ? [arn] : [arn, "${arn}-dead"]])
  worker_function_arns = [for name in local.worker_names : "arn:${local.partition}:lambda:${local.region}:${local.account_id}:function:${name}"]

  # What stands in the wiring with "onlyWith" is made where that is asked for.
  asked_for = compact([var.mail == null ? "" : "mail"])

  functions = { for name, function in jsondecode(templatefile("${path.module}/wiring/functions.json", {
    table_name            = local.table_name
    run_document_name     = local.run_document_name
    account_id            = local.account_id
    host_role_names       = join(",", local.host_role_names)
    worker_role_names     = join(",", local.worker_role_names)
    completions_queue_arn = "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${var.name_prefix}-completions"
    link_key_ids          = join(",", local.link_key_aliases)
    notice_topic_arn      = local.notice_topic_arn
    loopback_webhooks     = var.loopback_webhooks ? "allow" : "refuse"
    webhook_allow         = join(",", coalescelist(var.webhook_allow, ["none"]))

    mail_from              = local.mail_from
    mail_configuration_set = local.mail_configuration_set
    mails_per_second       = try(var.mail.per_second, 1)
  })) : name => function if contains(concat(local.asked_for, ["always"]), lookup(function, "onlyWith", "always")) }
  # What is known only when it has been made.
  once_deployed = {
    endpoint              = local.endpoint
    completions_queue_url = aws_sqs_queue.first["completions"].url
    mail_queue_url        = try(aws_sqs_queue.first["mail"].url, "none")
  }
  queues = { for name, queue in jsondecode(file("${path.module}/wiring/queues.json")) : name => queue if contains(concat(local.asked_for, ["always"]), lookup(queue, "onlyWith", "always")) }
  routes = { for route in jsondecode(file("${path.module}/wiring/routes.json")) : route.route => route }
  all_events = jsondecode(templatefile("${path.module}/wiring/events.json", {
    run_document_name      = local.run_document_name
    mail_configuration_set = local.mail_configuration_set
    # One wildcard of the file becomes one for each name.
    state_machine_arns = join("\" }, { \"wildcard\": \"", local.state_machine_arns)
  }))
  events = {
    rules     = { for name, rule in local.all_events.rules : name => rule if contains(concat(local.asked_for, ["always"]), lookup(rule, "onlyWith", "always")) }
    schedules = local.all_events.schedules
  }
}
