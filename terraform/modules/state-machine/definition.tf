# What the definition says about waiting. Terraform has no recursion: each level of Map and Parallel is spelled out.

locals {
  definition = jsondecode(local.definition_text)

  level_0 = [local.definition]
  level_1 = flatten([for machine in local.level_0 : [for state in values(machine.States) : [try(state.Branches, []), try([state.ItemProcessor], []), try([state.Iterator], [])]]])
  level_2 = flatten([for machine in local.level_1 : [for state in values(machine.States) : [try(state.Branches, []), try([state.ItemProcessor], []), try([state.Iterator], [])]]])
  level_3 = flatten([for machine in local.level_2 : [for state in values(machine.States) : [try(state.Branches, []), try([state.ItemProcessor], []), try([state.Iterator], [])]]])
  level_4 = flatten([for machine in local.level_3 : [for state in values(machine.States) : [try(state.Branches, []), try([state.ItemProcessor], []), try([state.Iterator], [])]]])

  too_deep = flatten([for machine in local.level_4 : [for name, state in machine.States : name if can(state.Branches) || can(state.ItemProcessor) || can(state.Iterator)]])

  # State names are unique in a whole definition. An activity waits for its worker just as a callback does.
  waiting = merge(flatten([
    for machine in concat(local.level_0, local.level_1, local.level_2, local.level_3, local.level_4) : [
      for name, state in machine.States : { (name) = state }
      if state.Type == "Task" && (endswith(try(state.Resource, ""), ".waitForTaskToken") || strcontains(try(state.Resource, ""), ":activity:"))
    ]
  ])...)

  without_limit = [
    for name, state in local.waiting : name
    if !anytrue([for key in ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"] : can(state[key])])
  ]

  without_token = [
    for name, state in local.waiting : name
    if endswith(state.Resource, ".waitForTaskToken") && !strcontains(replace(jsonencode([try(state.Parameters, null), try(state.Arguments, null)]), "$states.context", "$$"), "$$.Task.Token")
  ]

  # What the dispatcher is told must be what Step Functions keeps to: it bounds the process on the host by it.
  with_other_limits = [
    for name, state in local.waiting : name
    if anytrue([
      for work in [try(state.Parameters.Payload.work, state.Arguments.Payload.work, {})] :
      try(work.timeoutSeconds, null) != try(state.TimeoutSeconds, null) || try(work.heartbeatSeconds, null) != try(state.HeartbeatSeconds, null)
      if can(work.timeoutSeconds) || can(work.heartbeatSeconds)
    ])
  ]

  # Nobody sends heartbeats while a message waits for its next receive. In direct mode anybody may read the queue, with a timeout of their own.
  before_redelivery = [
    for name, state in local.waiting : name
    if anytrue([
      for limit in concat(
        local.takes_messages[name] == "" ? [] : [try(state.HeartbeatSeconds, null)],
        local.takes_messages[name] == "worker" ? [try(state.TimeoutSeconds, null)] : [],
      ) : try(limit <= var.redelivery_seconds, false)
    ])
  ]

  takes_messages = {
    for name, state in local.waiting : name => (
      try(state.Parameters.Payload.work.kind, state.Arguments.Payload.work.kind, "") == "queue" ? "worker"
      : endswith(state.Resource, ":sqs:sendMessage.waitForTaskToken") ? "anybody"
      : ""
    )
  }
}
