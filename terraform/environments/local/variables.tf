variable "region" {
  description = "Region that the endpoint is asked for."
  type        = string
  default     = "us-east-1"
}

variable "account_ids" {
  description = "Accounts that imitations of AWS claim to be. Any other is refused, so that nothing is made in a real one when AWS_ENDPOINT_URL is not set."
  type        = list(string)
  default     = ["000000000000", "123456789012"]
}

variable "name_prefix" {
  description = "Begins the name of everything made here."
  type        = string
  default     = "baton"
}

variable "artifacts_folder" {
  description = "Where the zips are. null: where npm run package puts them."
  type        = string
  default     = null
}

variable "create_key" {
  description = "Makes a customer-managed key. Emulators that have no KMS set it to false."
  type        = bool
  default     = true
}

variable "host" {
  description = "Starts an instance of this image as a host. null: no host; on most imitations of AWS nothing would run on it."
  type = object({
    image_id      = string
    instance_type = optional(string, "t3.micro")
    subnet_id     = optional(string)
  })
  default = null
}

variable "notifier" {
  description = "The notifier's archive in S3 with its SHA-256, as the module ec2-worker takes it. null: the image of the host has it."
  type        = object({ s3_bucket = string, s3_key = string, sha256 = string })
  default     = null
}

variable "node" {
  description = "The Node of the host, as the module ec2-worker takes it: base_url names a copy of the Node project's site, path the host's own."
  type        = object({ base_url = optional(string), path = optional(string) })
  default     = {}
}
