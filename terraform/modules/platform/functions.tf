module "function" {
  source   = "../function"
  for_each = local.functions

  name                 = "${var.name_prefix}-${each.key}"
  description          = local.descriptions[each.key]
  code                 = var.artifacts[each.value.bundle]
  handler              = each.value.handler
  runtime              = var.runtime
  live_version         = lookup(var.live_versions, each.key, null)
  memory_megabytes     = each.value.memoryMegabytes
  timeout_seconds      = each.value.timeoutSeconds
  environment          = merge(each.value.environment, { for name, of in lookup(each.value, "environmentOnceDeployed", {}) : name => local.once_deployed[of] })
  statements           = local.statements[each.key]
  asynchronous         = contains(local.event_functions, each.key) ? { dead_letter_queue_arn = local.dead_letter_queue_arn } : null
  queues               = { for source in lookup(each.value, "queues", []) : source.queue => { arn = local.queue_arns[source.queue], batch_size = source.batchSize, maximum_concurrency = lookup(source, "maximumConcurrency", null) } }
  reserved_concurrency = try(var.reserved_concurrency[each.key], -1)
  vpc                  = var.vpc
  log_retention_days   = var.log_retention_days
  tracing              = var.tracing
  encryption_key       = local.encryption_key
  tags                 = var.tags

  permissions_boundary_arn = var.permissions_boundary_arn
  role_path                = var.role_path
}

locals {
  event_functions = distinct([for source in concat(values(local.events.rules), values(local.events.schedules)) : source.function])

  descriptions = {
    dispatcher             = "Takes a task token from a state machine, stores the callback, starts the work."
    completer-http         = "Takes claims, heartbeats and outcomes from hosts and workers over HTTP."
    completer-queue        = "Takes reports from the completions queue, and messages that queues have given up."
    completer-approvals    = "Shows approvers what they are asked and takes their decisions."
    completer-mail         = "Sends approvers what they are asked."
    completer-webhooks     = "Takes partners' outcomes from signed links."
    completer-destinations = "Fails the tasks of asynchronous functions that failed to the end."
    completer-events       = "Learns from AWS's own events that a host, a command or an execution has ended."
    completer-schedule     = "Finishes what was interrupted and asks after what has gone silent."
  }
}
