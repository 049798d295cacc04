variable "name" {
  description = "Name of the role and the instance profile; the platform's hosts.role_names must have it. By default both are NAME_PREFIX-host: pass the platform's output host_role_names[0]."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,64}$", var.name))
    error_message = "The name is that of a role: 1 to 64 letters, digits, dots, hyphens and underscores. Shorten it, or the prefix it is made from."
  }
}

variable "endpoint" {
  description = "The platform's output of that name: where the hosts report, at boot too what a reboot left unreported."
  type        = string
}

variable "api_execution_arn" {
  description = "The platform's output of that name: what the hosts are allowed to call."
  type        = string
}

variable "host_tag" {
  description = "The platform's output of that name: the tag that makes an instance a host."
  type        = object({ key = string, value = string })
}

variable "notifier" {
  description = "The archive that npm run package:notifier makes, in S3, with the hexadecimal SHA-256 that it printed; it is the same for all processors. null: the image has the notifier already."
  type = object({
    s3_bucket = string
    s3_key    = string
    sha256    = string
  })
  default = null

  validation {
    condition     = var.notifier == null || can(regex("^[0-9a-f]{64}$", var.notifier.sha256))
    error_message = "notifier.sha256 is 64 hexadecimal digits in lower case: what sha256sum prints."
  }

  validation {
    condition     = var.notifier == null || can(regex("^[A-Za-z0-9._/-]+$", var.notifier.s3_key))
    error_message = "notifier.s3_key has letters, digits, dots, hyphens, underscores and slashes only: it is written into a URL."
  }
}

variable "node" {
  description = "The Node that runs the notifier on the hosts. By default the release that node.json pins by its SHA-256, from the Node project's site; base_url names a copy of that site's dist folder, such as a bucket or mirror that the hosts read over HTTPS. path: the hosts' own, 22 or newer, instead."
  type = object({
    base_url = optional(string, "https://nodejs.org/dist")
    path     = optional(string)
  })
  default = {}

  validation {
    condition     = can(regex("^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*$", var.node.base_url))
    error_message = "node.base_url is an https:// URL without parameters and without a slash at its end: under it lies vVERSION/node-vVERSION-linux-x64.tar.gz."
  }

  validation {
    condition     = var.node.path == null || can(regex("^(/[A-Za-z0-9._-]+)+$", var.node.path))
    error_message = "node.path is an absolute path of letters, digits, dots, hyphens and underscores, such as /usr/bin/node."
  }
}

variable "run_as" {
  description = "The user whom jobs run as on the hosts. The installation makes baton, a user without a password, a shell and other groups; any other one has to be there. root: whoever controls the input of an execution then controls its host."
  type        = string
  default     = "baton"

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_-]{0,31}$", var.run_as))
    error_message = "run_as is the name of a user: lower-case letters, digits, hyphens and underscores."
  }
}

variable "jobs_at_once" {
  description = "How many jobs a host runs at a time: the CommandWorkersLimit of its SSM agent, which the installation sets for all commands of that host. Each job takes about 100 MB beside its own. null: what the agent has, 5 unless it was changed."
  type        = number
  default     = null

  validation {
    condition     = var.jobs_at_once == null || try(var.jobs_at_once >= 1 && var.jobs_at_once <= 999 && floor(var.jobs_at_once) == var.jobs_at_once, false)
    error_message = "jobs_at_once is a whole number from 1 to 999."
  }
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
  description = "The path of the role and the instance profile."
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
