variable "name" {
  description = "Name of the queue, the function and its role; the dead letters are in NAME-dead. The platform's workers.names must cover it: by default it begins with NAME_PREFIX-work-."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "A queue worker's name is that of its role, too: 1 to 64 letters, digits, hyphens and underscores. Shorten it, or the prefix it is made from."
  }
}

variable "platform" {
  description = "Outputs of the platform: queue_function_arn fails the tasks of dead letters; endpoint and api_execution_arn let the function report over HTTP, for work that the dispatcher gives (null: direct mode only)."
  type = object({
    queue_function_arn = string
    endpoint           = optional(string)
    api_execution_arn  = optional(string)
  })
}

variable "settles_state_machine_arns" {
  description = "State machines that the function settles with raw task tokens of its messages (direct mode). Empty: none, because a dispatched message has no token."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.settles_state_machine_arns : can(regex("^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]+\\*?$", arn))])
    error_message = "settles_state_machine_arns are ARNs of state machines; * only at the end, after a part of the name."
  }
}

variable "code" {
  description = "The zip, as the module function takes it."
  type = object({
    path              = optional(string)
    s3_bucket         = optional(string)
    s3_key            = optional(string)
    s3_object_version = optional(string)
    sha256_base64     = optional(string)
  })
}

variable "handler" {
  description = "File and export, such as main.handler. It answers with batchItemFailures, as the middleware of @baton/token-lib does."
  type        = string
}

variable "description" {
  description = "What the worker does, in one sentence."
  type        = string
  default     = ""
}

variable "runtime" {
  description = "Lambda runtime, such as nodejs24.x or python3.13: what the AWS provider in use knows."
  type        = string
  default     = "nodejs22.x"
}

variable "memory_megabytes" {
  description = "Memory; the processor's share grows with it."
  type        = number
  default     = 256
}

variable "timeout_seconds" {
  description = "How long one invocation, that is one batch, may take."
  type        = number
  default     = 30
}

variable "batch_size" {
  description = "How many messages an invocation is given at most."
  type        = number
  default     = 1
}

variable "maximum_concurrency" {
  description = "How many invocations work on the queue at once, 2 to 1000. null: as many as Lambda has."
  type        = number
  default     = null
}

variable "visibility_timeout_seconds" {
  description = "How long a message that was taken is kept from others. null: six times timeout_seconds."
  type        = number
  default     = null

  validation {
    condition     = var.visibility_timeout_seconds == null ? true : var.visibility_timeout_seconds >= var.timeout_seconds && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds is at least timeout_seconds, or a message is given to a second invocation while the first works on it, and at most 43200."
  }
}

variable "max_receive_count" {
  description = "How often a message is received before it is a dead letter and its task fails: at least 5, as AWS advises, because a receive counts too when Lambda throttles the function and never starts it."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000
    error_message = "A message is received 5 to 1000 times: of fewer, throttled invocations could use up all before the worker has seen the message once."
  }
}

variable "message_retention_seconds" {
  description = "How long a message waits for a worker: at least as long as the task's timeout, or the work is lost before the task ends."
  type        = number
  default     = 345600

  validation {
    condition     = var.message_retention_seconds >= 60 && var.message_retention_seconds <= 1209600
    error_message = "SQS keeps messages for 60 to 1209600 seconds (14 days)."
  }
}

variable "restrict_redrive" {
  description = "Lets no other queue use these dead letters. Emulators that do not know the attribute set it to false."
  type        = bool
  default     = true
}

variable "environment" {
  description = "Environment variables beside BATON_ENDPOINT. No secrets."
  type        = map(string)
  default     = {}
}

variable "statements" {
  description = "What the function may do beside taking its messages and reporting. Exact actions; `*` as a resource only with `any_resource_because`."
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
}

variable "vpc" {
  description = "Private subnets that the function runs in, and its security groups, as the module function takes them. null: in no VPC of yours."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "log_retention_days" {
  description = "Days that the log group keeps."
  type        = number
  default     = 30
}

variable "encryption_key" {
  description = "Customer-managed KMS key of queues and log group: the platform's output of that name, so that the dispatcher may write and the completer read. null: keys that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the function's role, where the account asks for one. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a managed policy (arn:aws:iam::ACCOUNT:policy/NAME)."
  }
}

variable "role_path" {
  description = "The path of the function's role."
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
