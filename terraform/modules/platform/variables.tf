variable "name_prefix" {
  description = "Begins the name of everything made here; two platforms in one account and region differ in it."
  type        = string
  default     = "baton"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,29}$", var.name_prefix))
    error_message = "name_prefix has 2 to 30 lower-case letters, digits and hyphens and begins with a letter, so that every name made from it fits."
  }
}

variable "artifacts" {
  description = "The zip of each bundle of the wiring's function table (dispatcher, completer): `path` on this machine, or an object in S3 with the base64 of its SHA-256."
  type = map(object({
    path              = optional(string)
    s3_bucket         = optional(string)
    s3_key            = optional(string)
    s3_object_version = optional(string)
    sha256_base64     = optional(string)
  }))

  validation {
    condition     = length(setsubtract(["dispatcher", "completer"], keys(var.artifacts))) == 0
    error_message = "artifacts needs the bundles dispatcher and completer. npm run package makes both."
  }
}

variable "state_machine_names" {
  description = "Names of the state machines that may be settled; a * at the end makes a name a prefix. Empty: all that begin with name_prefix and a hyphen."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.state_machine_names : can(regex("^[A-Za-z0-9_-]{1,80}\\*?$", name))])
    error_message = "A state machine's name has letters, digits, hyphens and underscores; * only at its end, after at least one of them."
  }
}

variable "settle_any_state_machine" {
  description = "Allows SendTask* on every resource. Only if AWS should ever refuse the ARNs of state machines, which it checks without documenting it."
  type        = bool
  default     = false
}

variable "hosts" {
  description = "Which instances are hosts: the roles whose instances may report (empty: NAME_PREFIX-host), and the tag that SendCommand requires (null: baton=NAME_PREFIX)."
  type = object({
    role_names = optional(list(string), [])
    tag        = optional(object({ key = string, value = string }))
  })
  default = {}

  validation {
    condition     = alltrue([for name in var.hosts.role_names : can(regex("^[A-Za-z0-9+=.@_-]{1,64}$", name))])
    error_message = "hosts.role_names are names of IAM roles, without path and without ARN."
  }
}

variable "operator_arns" {
  description = "Who may take the role NAME_PREFIX-operator: ARNs of roles and users. Empty: there is no such role, and operator_policy_arn is for one that operators have."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.operator_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "operator_arns are ARNs of IAM roles and users (arn:aws:iam::ACCOUNT:role/NAME), without wildcards."
  }
}

variable "workers" {
  description = "Which queues and functions work may be given to, by name, and which roles may report over HTTP; a * at the end makes a name a prefix. Empty names: NAME_PREFIX-work-*; empty role_names: the same."
  type = object({
    names      = optional(list(string), [])
    role_names = optional(list(string), [])
  })
  default = {}

  validation {
    condition     = alltrue([for name in concat(var.workers.names, var.workers.role_names) : can(regex("^[A-Za-z0-9_-]{3,64}\\*?$", name))])
    error_message = "Names of workers have 3 to 64 letters, digits, hyphens and underscores, * only at the end: without ARN and path."
  }

  validation {
    condition = !anytrue([for name in concat(var.workers.names, var.workers.role_names) :
    endswith(name, "*") && startswith("${var.name_prefix}-", trimsuffix(name, "*"))])
    error_message = "A prefix of workers must not cover the platform's own functions and queues: who gives work could forge reports. Begin it with NAME_PREFIX-work- or with something else."
  }
}

variable "link_keys" {
  description = "Names of the keys that sign links: the first signs, all verify. To rotate add a new name at the end and apply, so that all verify with it; then put it in front and apply. Take the old one away when its last link has expired."
  type        = list(string)
  default     = ["1"]

  validation {
    condition     = length(var.link_keys) >= 1 && length(distinct(var.link_keys)) == length(var.link_keys) && alltrue([for name in var.link_keys : can(regex("^[a-z0-9-]{1,32}$", name))])
    error_message = "link_keys has at least one name of lower-case letters, digits and hyphens, and none of them twice."
  }
}

variable "webhook_allow" {
  description = "Where webhooks may go beside public addresses: networks (CIDR), addresses and names of hosts. Whoever writes work of kind webhook reaches them from the dispatcher. Empty: only public addresses."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for entry in var.webhook_allow : can(cidrhost(entry, 0)) || can(cidrhost("${entry}/32", 0)) || can(cidrhost("${entry}/128", 0)) || (can(regex("^[a-z0-9_-]+([.][a-z0-9_-]+)*$", entry)) && !can(regex("^[0-9.]+$", entry)))])
    error_message = "webhook_allow holds networks such as 10.20.0.0/16, addresses, and names of hosts in lower case, without scheme, port and path."
  }
}

variable "loopback_webhooks" {
  description = "Lets webhooks go to the machine that the dispatcher runs on, over http too. For an imitation of AWS on one machine: in Lambda nobody is there."
  type        = bool
  default     = false
}

variable "mail" {
  description = "Asks approvers by mails through SES, from a verified address (or `Name <address>`) of this account and region; per_second is what of the account's sending rate they take (1 in the sandbox). null: by notices through SNS, which each approver subscribes to (module approvals)."
  type = object({
    from       = string
    per_second = optional(number, 1)
  })
  default = null

  validation {
    condition     = var.mail == null ? true : can(regex("^([^<>\"\\\\]+ <[^@\\s<>,;]+@[^@\\s<>,;]+>|[^@\\s<>,;]+@[^@\\s<>,;]+)$", var.mail.from))
    error_message = "mail.from is an address such as baton@example.com, or Baton <baton@example.com>."
  }

  validation {
    condition     = var.mail == null ? true : var.mail.per_second >= 0.5 && var.mail.per_second <= 100
    error_message = "mail.per_second is 0.5 to 100: the ten mails of a batch have a minute, one after another."
  }
}

variable "runtime" {
  description = "The Lambda runtime of the platform's functions: nodejs22.x, which AWS supports until 2027-04-30, or nodejs24.x, which provider 5.100 does not know and 6 does."
  type        = string
  default     = "nodejs22.x"

  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x"], var.runtime)
    error_message = "Baton's functions are built for nodejs22.x and nodejs24.x."
  }
}

variable "http_throttling" {
  description = "Requests per second, and at once, that each route takes before it answers 429. Workers try again."
  type = object({
    rate  = optional(number, 500)
    burst = optional(number, 1000)
  })
  default = {}
}

variable "open_throttling" {
  description = "The same for each route of links (approvals, webhooks), which ask for no credentials. A forged link costs a call to KMS: at rate a second, day and night, 0.26 USD a day for each of the rate."
  type = object({
    rate  = optional(number, 20)
    burst = optional(number, 40)
  })
  default = {}

  validation {
    condition     = var.open_throttling.rate >= 1 && var.open_throttling.burst >= 1
    error_message = "open_throttling has at least one request a second: with none nobody could decide."
  }
}

variable "domain" {
  description = "A domain name of your own for the HTTP API, with an ACM certificate of this region: links and workers use it. Point it at the output domain_target (an alias or CNAME record). null: the name that API Gateway gives."
  type        = object({ name = string, certificate_arn = string })
  default     = null

  validation {
    condition     = var.domain == null ? true : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain.name)) && can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-f0-9-]+$", var.domain.certificate_arn))
    error_message = "domain.name is a host name such as baton.example.com, in lower case and without scheme; certificate_arn is of a certificate in ACM (arn:aws:acm:REGION:ACCOUNT:certificate/ID)."
  }
}

variable "live_versions" {
  description = "The way back after a bad release: the published version that each function runs, by its name in the wiring. Empty: the newest of each."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for version in values(var.live_versions) : can(regex("^[0-9]+$", version))])
    error_message = "live_versions are numbers of published versions (aws lambda list-versions-by-function)."
  }
}

variable "reserved_concurrency" {
  description = "Concurrent invocations kept for, and allowed to, a function, by its name in the wiring. Others share the account's pool, of which Lambda keeps 100 unreserved."
  type        = map(number)
  default     = {}
}

variable "vpc" {
  description = "Private subnets that all functions run in, and their security groups. They then reach AWS and partners only as far as these let them. null: in no VPC of yours."
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

variable "deletion_protection" {
  description = "Refuses to delete the table, and with it every callback that a state machine still waits for."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "Days that every log group keeps."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "tracing" {
  description = "Sends X-Ray traces of the functions."
  type        = bool
  default     = false
}

variable "encryption" {
  description = "The KMS key of table, queue and log groups. By default one is made; or give the ARN of your own (its policy must allow what modules/platform/key.tf allows), or set create_key = false for keys that AWS owns."
  type = object({
    create_key = optional(bool, true)
    key        = optional(object({ arn = string }))
  })
  default = {}
}

variable "state_machine_key_arns" {
  description = "KMS keys that encrypt executions of the platform's state machines (output key_arns of module state-machine): whether an outcome was taken is read in their history, which needs the key. Empty: none has a customer's key."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.state_machine_key_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))])
    error_message = "state_machine_key_arns are ARNs of keys (arn:aws:kms:REGION:ACCOUNT:key/ID), not aliases: IAM knows a key by its ARN alone."
  }
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of every role that is made here, where the account asks for one. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a managed policy (arn:aws:iam::ACCOUNT:policy/NAME)."
  }
}

variable "role_path" {
  description = "The path of every role that is made here, and of the policy of operators."
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

variable "alarms" {
  description = "CloudWatch alarms, and the SNS topics that are told when one goes off and when it ends. oldest_open_seconds is how old an open callback may be (null: as old as its timeout lets it be), account_concurrency the account's quota of concurrent Lambda invocations: four fifths of it alarm."
  type = object({
    enabled             = optional(bool, true)
    topic_arns          = optional(list(string), [])
    oldest_open_seconds = optional(number)
    account_concurrency = optional(number, 1000)
  })
  default = {}

  validation {
    condition     = alltrue([for arn in var.alarms.topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "alarms.topic_arns are ARNs of SNS topics (arn:aws:sns:REGION:ACCOUNT:NAME). Subscribe e-mail addresses to a topic."
  }

  validation {
    condition     = try(var.alarms.oldest_open_seconds > 0, true)
    error_message = "alarms.oldest_open_seconds is more than 0: where no callback is open the age is 0, and the alarm would never end. Leave it out for no such alarm."
  }
}

variable "expected_load" {
  description = "How many callbacks are open at once, how often each beats (a third of HeartbeatSeconds), and how many begin a second: the plan is refused where that is more than AWS takes, and says what binds. heartbeats_per_second is the account's rate of SendTaskHeartbeat, and of SendTaskSuccess and SendTaskFailure (the refill a second: 500 in us-east-1, us-west-2 and eu-west-1, 300 elsewhere, unless it was raised); commands_per_second that of SendCommand, which AWS does not publish (null: not compared)."
  type = object({
    open_callbacks             = number
    heartbeat_interval_seconds = number
    dispatches_per_second      = optional(number, 0)
    heartbeats_per_second      = optional(number, 300)
    commands_per_second        = optional(number)
  })
  default = null

  validation {
    condition = (var.expected_load == null ? true
    : var.expected_load.open_callbacks / max(var.expected_load.heartbeat_interval_seconds, 0.001) <= var.expected_load.heartbeats_per_second)
    error_message = "The open callbacks divided by the heartbeat interval exceed heartbeats_per_second: SendTaskHeartbeat would be throttled and tasks would time out. Lengthen the interval (HeartbeatSeconds of the waiting states), or have the quota raised and say so."
  }

  validation {
    condition     = var.expected_load == null ? true : var.expected_load.dispatches_per_second <= var.expected_load.heartbeats_per_second
    error_message = "dispatches_per_second exceeds heartbeats_per_second, which is the rate of SendTaskSuccess too: as many outcomes as begin could not be told. Have the quota raised and say so."
  }

  # The index of what is due has eight partitions of 1,000 writes a second. A heartbeat moves its callback there when fewer than two
  # more could, two writes each time; a callback that comes and goes makes six. [documented: DynamoDB, partition limits]
  validation {
    condition = (var.expected_load == null ? true
      : var.expected_load.open_callbacks / max(var.expected_load.heartbeat_interval_seconds, 0.001)
      * 2 / (floor(1 + 60 / max(var.expected_load.heartbeat_interval_seconds, 0.001)) + 1)
    + 6 * var.expected_load.dispatches_per_second <= 8000)
    error_message = "The index of what is due would take more than its 8,000 writes a second, and DynamoDB would throttle heartbeats and reports. Lengthen the interval, or spread the work over several environments."
  }

  validation {
    condition = (try(var.expected_load.commands_per_second, null) == null ? true
    : var.expected_load.dispatches_per_second <= var.expected_load.commands_per_second)
    error_message = "dispatches_per_second exceeds commands_per_second: SSM would throttle SendCommand and dispatches would fail. Begin fewer at once (MaxConcurrency of a Map), or have the quota raised and say so."
  }
}
