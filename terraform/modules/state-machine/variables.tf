variable "name" {
  description = "Name of the state machine; its role is called NAME-states."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,57}$", var.name))
    error_message = "A state machine's name has 1 to 57 letters, digits, hyphens and underscores here, so that its role's name fits too. Shorten it."
  }
}

variable "definition_file" {
  description = "Path of the Amazon States Language template. null: a definition of one state, made from `work`."
  type        = string
  default     = null

  validation {
    condition     = var.definition_file == null ? true : try(fileexists(var.definition_file), false)
    error_message = "There is no file at definition_file."
  }

  validation {
    condition     = (var.definition_file == null) != (var.work == null)
    error_message = "A state machine is made from definition_file or from work: give one of the two."
  }
}

variable "definition_variables" {
  description = "What the template's $${names} stand for, beside $${partition}: the account's, as in arn:$${partition}:states:::lambda:invoke.waitForTaskToken."
  type        = map(string)
  default     = {}
}

variable "work" {
  description = "Instead of definition_file: what its one state waits for, as `work` stands in a definition, with JSONPath into the input in keys that end in `.$`. timeoutSeconds and heartbeatSeconds are the state's, too."
  type        = any
  default     = null

  validation {
    condition     = var.work == null ? true : try(contains(["ssm", "queue", "lambda", "approval", "webhook"], var.work.kind), false)
    error_message = "work.kind is ssm, queue, lambda, approval or webhook."
  }

  validation {
    condition     = var.work == null ? true : try(var.work.timeoutSeconds >= 1 && var.work.timeoutSeconds <= 31536000 && floor(var.work.timeoutSeconds) == var.work.timeoutSeconds, false)
    error_message = "work.timeoutSeconds is the whole number of seconds after which the state gives up: 31536000, a year, at most."
  }

  validation {
    condition     = var.work == null || !can(var.work.heartbeatSeconds) ? true : try(contains(["ssm", "queue", "lambda"], var.work.kind) && var.work.heartbeatSeconds >= 1 && var.work.heartbeatSeconds < var.work.timeoutSeconds && floor(var.work.heartbeatSeconds) == var.work.heartbeatSeconds, false)
    error_message = "work.heartbeatSeconds is a whole number, smaller than work.timeoutSeconds, and stands with ssm, queue and lambda only: people and partners send no heartbeats."
  }

  validation {
    condition     = try(var.work.kind, "") != "ssm" || try(var.work.timeoutSeconds <= 172800, true)
    error_message = "SSM runs a command for 48 hours at most: work.timeoutSeconds of kind ssm is 172800 or less."
  }

  validation {
    condition     = try(var.work.kind, "") != "ssm" || can(var.work.heartbeatSeconds)
    error_message = "Work of kind ssm needs heartbeatSeconds: how long a host may be silent before it is given up, e.g. 60."
  }
}

variable "platform" {
  description = "The environment's output of that name: where `work` is given to, and how the state machines are called that it settles."
  type = object({
    dispatcher_function_arn = string
    state_machine_names     = optional(list(string), ["*"])
  })
  default = null

  validation {
    condition     = var.work == null || var.platform != null
    error_message = "work needs platform, the environment's output of that name."
  }

  validation {
    condition     = var.platform == null ? true : anytrue([for name in var.platform.state_machine_names : endswith(name, "*") ? startswith(var.name, trimsuffix(name, "*")) : var.name == name])
    error_message = "This platform may not settle a state machine of that name: its tasks would wait until their timeout. Begin the name as the platform's name_prefix and state_machine_names say."
  }
}

variable "redelivery_seconds" {
  description = "How long a queue that gets work tries a message: the output of that name of module queue-worker (of several, the longest). The default is that of a worker with the module's defaults. Tasks of queues must wait for longer."
  type        = number
  default     = 900
}

variable "type" {
  description = "STANDARD or EXPRESS. EXPRESS cannot wait for callbacks."
  type        = string
  default     = "STANDARD"

  validation {
    condition     = contains(["STANDARD", "EXPRESS"], var.type)
    error_message = "A state machine is STANDARD or EXPRESS."
  }
}

variable "statements" {
  description = "What the state machine may call. Exact actions; `*` as a resource only with `any_resource_because`."
  type = list(object({
    sid                  = string
    actions              = list(string)
    resources            = list(string)
    any_resource_because = optional(string)
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
  }))
  default = []

  validation {
    condition     = !anytrue([for action in flatten(var.statements[*].actions) : strcontains(action, "*")])
    error_message = "An action with a wildcard grants what nobody has read. Name the actions one by one."
  }

  validation {
    condition     = alltrue([for statement in var.statements : !contains(statement.resources, "*") || statement.any_resource_because != null])
    error_message = "The resource * needs any_resource_because: say why AWS has no narrower form."
  }
}

variable "logging" {
  description = "What goes to CloudWatch Logs. Level ALL logs the scheduled parameters of every task, task tokens among them; execution data holds inputs and outputs."
  type = object({
    level                  = optional(string, "ERROR")
    include_execution_data = optional(bool, false)
  })
  default = {}

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL", "OFF"], var.logging.level)
    error_message = "The level is ALL, ERROR, FATAL or OFF."
  }
}

variable "log_retention_days" {
  description = "Days that the log group keeps."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "tracing" {
  description = "Sends X-Ray traces."
  type        = bool
  default     = false
}

variable "encryption_key" {
  description = "Customer-managed KMS key of the executions' data and of the log group. Whoever reads an execution then needs the key too: give the output key_arns to the platform. null: the key that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "alarms" {
  description = "Alarms for executions that failed or timed out: how many in five minutes, and the SNS topics that are told."
  type = object({
    enabled    = optional(bool, false)
    threshold  = optional(number, 1)
    topic_arns = optional(list(string), [])
  })
  default = {}
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the role, where the account asks for one. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a managed policy (arn:aws:iam::ACCOUNT:policy/NAME)."
  }
}

variable "role_path" {
  description = "The path of the role."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path))
    error_message = "role_path begins and ends with a slash, such as /teams/payments/."
  }
}

variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
  default     = {}
}
