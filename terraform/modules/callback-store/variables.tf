variable "name" {
  description = "Name of the table."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.name))
    error_message = "A table's name has 3 to 255 letters, digits, dots, hyphens and underscores."
  }
}

variable "deletion_protection" {
  description = "Refuses to delete the table, and with it every callback that a state machine still waits for."
  type        = bool
  default     = true
}

variable "point_in_time_recovery" {
  description = "Continuous backups of the last 35 days."
  type        = bool
  default     = true
}

variable "encryption_key" {
  description = "Customer-managed KMS key of the table. null: the key that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "tags" {
  description = "Tags of the table."
  type        = map(string)
  default     = {}
}
