variable "repository" {
  description = "OWNER/NAME of the GitHub repository whose workflows deploy."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository is OWNER/NAME, without https://github.com/ and without a wildcard: whoever matches it may take the roles."
  }
}

variable "repository_ids" {
  description = "The ids of OWNER and NAME (gh api repos/OWNER/NAME --jq '.owner.id, .id'): a repository that was made, renamed or transferred since 2026-07-15 sends them with its names. null: the names alone are accepted."
  type        = object({ owner = string, repository = string })
  default     = null

  validation {
    condition     = var.repository_ids == null ? true : alltrue([for id in [var.repository_ids.owner, var.repository_ids.repository] : can(regex("^[0-9]+$", id))])
    error_message = "repository_ids are numbers, of the owner and of the repository: gh api repos/OWNER/NAME --jq '.owner.id, .id'."
  }
}

variable "environment" {
  description = "The GitHub environment that applies, such as prod. Its plan is made in the environment of that name with -plan at the end."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,50}$", var.environment)) && !endswith(var.environment, "-plan")
    error_message = "environment has 1 to 50 letters, digits, hyphens and underscores, and does not end with -plan, which names the environment of the plan role."
  }

  validation {
    condition     = length("github-${var.name_prefix}-${var.environment}-apply") <= 64
    error_message = "The role github-NAME_PREFIX-ENVIRONMENT-apply would have more than the 64 characters of a role's name: shorten environment or name_prefix."
  }
}

variable "state" {
  description = "Where the environment's Terraform state is: bucket and key of its backend.hcl, and the key that encrypts it, if it is a customer's."
  type        = object({ bucket = string, key = string, kms_key_arn = optional(string) })

  validation {
    condition     = length(regexall("[*?]", "${var.state.bucket}/${var.state.key}")) == 0 && !strcontains(var.state.bucket, "CHANGE-ME")
    error_message = "state names one bucket and one key, as backend.hcl does once it is filled in."
  }
}

variable "name_prefix" {
  description = "The platform's name_prefix: the roles reach what has a name that begins so."
  type        = string
  default     = "baton"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,29}$", var.name_prefix))
    error_message = "name_prefix has 2 to 30 lower-case letters, digits and hyphens and begins with a letter, as the platform's."
  }
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the two roles, and of every role that the apply role makes: it makes and changes no other. The platform's permissions_boundary_arn is the same. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a managed policy (arn:aws:iam::ACCOUNT:policy/NAME)."
  }
}

variable "role_path" {
  description = "The path of the two roles and of the platform's: its role_path is the same."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.role_path))
    error_message = "role_path begins and ends with a slash, such as /teams/payments/."
  }
}

variable "key_tag" {
  description = "The tag that the environment's provider gives to everything: the roles reach only KMS keys that have it."
  type        = object({ key = string, value = string })
  default     = { key = "application", value = "baton" }
}

variable "create_provider" {
  description = "Makes the account's identity provider for GitHub. An account has one: false where it is there already."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything made here."
  type        = map(string)
  default     = {}
}
