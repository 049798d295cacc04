variable "region" {
  description = "Region that the endpoint is asked for."
  type        = string
  default     = "us-east-1"
}

variable "name_prefix" {
  description = "Begins the name of everything made here."
  type        = string
  default     = "baton"
}

variable "create_key" {
  description = "Makes a customer-managed key. Emulators that have no KMS set it to false."
  type        = bool
  default     = true
}
