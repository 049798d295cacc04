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
  description = "The archive that npm run package:notifier makes, in S3, with the hexadecimal SHA-256 that it printed. null: the image has the notifier already."
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

variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
  default     = {}
}
