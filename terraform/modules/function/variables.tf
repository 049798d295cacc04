variable "name" {
  description = "Name of the function, its role and its log group."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "A function's name has 1 to 64 letters, digits, hyphens and underscores. Shorten it, or the prefix it is made from."
  }
}

variable "description" {
  description = "What the function is for, in one sentence."
  type        = string
  default     = ""
}

variable "code" {
  description = "The zip: `path` of a file on this machine, or an object in S3 with the base64 of its SHA-256 (an object that changes under an unchanged hash is not deployed)."
  type = object({
    path              = optional(string)
    s3_bucket         = optional(string)
    s3_key            = optional(string)
    s3_object_version = optional(string)
    sha256_base64     = optional(string)
  })

  validation {
    condition     = (var.code.path != null) != (var.code.s3_bucket != null)
    error_message = "Give either path, or s3_bucket with s3_key and sha256_base64."
  }

  validation {
    condition     = var.code.s3_bucket == null || (var.code.s3_key != null && var.code.sha256_base64 != null)
    error_message = "A zip in S3 needs s3_key and sha256_base64; SHA256SUMS.base64 of a release has the hash."
  }

  validation {
    condition     = var.code.path == null || try(fileexists(var.code.path), false)
    error_message = "There is no zip at code.path. Make it with: npm run build && npm run package."
  }
}

variable "handler" {
  description = "File and export, such as main.handler."
  type        = string
}

variable "runtime" {
  description = "Lambda runtime, such as nodejs24.x or python3.13: what the AWS provider in use knows."
  type        = string
  default     = "nodejs22.x"
}

variable "live_version" {
  description = "The published version that callers invoke, to go back to one that was there before: its number. null: the newest."
  type        = string
  default     = null

  validation {
    condition     = var.live_version == null || can(regex("^[0-9]+$", var.live_version))
    error_message = "live_version is the number of a published version (aws lambda list-versions-by-function), not $LATEST, which changes under its callers."
  }
}

variable "architecture" {
  description = "arm64 or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Lambda runs on arm64 and on x86_64."
  }
}

variable "memory_megabytes" {
  description = "Memory; the processor's share grows with it."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_megabytes >= 128 && var.memory_megabytes <= 10240
    error_message = "Lambda gives 128 to 10240 megabytes."
  }
}

variable "timeout_seconds" {
  description = "How long one invocation may take."
  type        = number
  default     = 30

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "A Lambda invocation takes 1 to 900 seconds."
  }
}

variable "environment" {
  description = "Environment variables. Anybody who may read the function's configuration reads them: no secrets."
  type        = map(string)
  default     = {}
}

variable "statements" {
  description = "What the function may do. Exact actions; `*` as a resource only with `any_resource_because`."
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

variable "asynchronous" {
  description = "For functions that events invoke: how often a failed event is tried again, and who has it afterwards: a queue that keeps it, or a function, such as the platform's destination_function_arn."
  type = object({
    maximum_retry_attempts    = optional(number, 2)
    maximum_event_age_seconds = optional(number, 21600)
    dead_letter_queue_arn     = optional(string)
    failure_function_arn      = optional(string)
  })
  default = null

  validation {
    condition     = var.asynchronous == null ? true : (var.asynchronous.dead_letter_queue_arn == null) != (var.asynchronous.failure_function_arn == null)
    error_message = "An event that failed to the end goes to one place: give either dead_letter_queue_arn or failure_function_arn, or it is lost."
  }
}

variable "queues" {
  description = "Queues whose messages invoke the function, by a name of your choice. It answers with those that are to come again (ReportBatchItemFailures)."
  type = map(object({
    arn                 = string
    batch_size          = optional(number, 10)
    maximum_concurrency = optional(number)
  }))
  default = {}

  validation {
    condition     = alltrue([for queue in values(var.queues) : queue.batch_size >= 1 && queue.batch_size <= 10])
    error_message = "A batch has 1 to 10 messages; more would need a batching window."
  }

  validation {
    condition     = alltrue([for queue in values(var.queues) : coalesce(queue.maximum_concurrency, 2) >= 2 && coalesce(queue.maximum_concurrency, 2) <= 1000])
    error_message = "A queue's maximum_concurrency is 2 to 1000; leave it out for no limit."
  }
}

variable "reserved_concurrency" {
  description = "Concurrent invocations kept for, and allowed to, this function; -1 leaves it in the account's pool."
  type        = number
  default     = -1
}

variable "vpc" {
  description = "Private subnets that the function runs in, and its security groups. It then reaches AWS and others only as far as these let it. null: in no VPC of yours."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.subnet_ids) > 0 && alltrue([for id in var.vpc.subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "vpc.subnet_ids are ids such as subnet-0123456789abcdef0, one at least: name private subnets, better in two zones, or leave vpc out."
  }

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.security_group_ids) > 0 && alltrue([for id in var.vpc.security_group_ids : can(regex("^sg-[0-9a-f]{8,17}$", id))])
    error_message = "vpc.security_group_ids are ids such as sg-0123456789abcdef0, one at least: name a security group of the same VPC that lets HTTPS out."
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
  description = "Customer-managed KMS key of the log group, and of the tables and queues that the function uses. null: keys that AWS owns."
  type        = object({ arn = string })
  default     = null
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
