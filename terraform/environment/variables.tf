variable "account_id" {
  description = "The account that this environment lives in; the provider refuses any other."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id)) && var.account_id != "000000000000"
    error_message = "Write the twelve digits of the environment's account into terraform.tfvars: aws sts get-caller-identity --query Account."
  }
}

variable "region" {
  description = "Region of everything made here."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]$", var.region))
    error_message = "region is the code of an AWS region, such as eu-central-1 or us-gov-west-1: aws ec2 describe-regions lists yours."
  }
}

variable "artifacts" {
  description = "The zips of dispatcher and completer, as the module platform takes them. null: those that npm run package made here."
  type = map(object({
    path              = optional(string)
    s3_bucket         = optional(string)
    s3_key            = optional(string)
    s3_object_version = optional(string)
    sha256_base64     = optional(string)
  }))
  default = null
}

variable "notifier" {
  description = "The notifier's archive in S3 with its SHA-256, as the module ec2-worker takes it. null: the image of the hosts has it."
  type        = object({ s3_bucket = string, s3_key = string, sha256 = string })
  default     = null
}

variable "node" {
  description = "The Node of the hosts, as the module ec2-worker takes it: base_url names a copy of the Node project's site, path the hosts' own."
  type        = object({ base_url = optional(string), path = optional(string) })
  default     = {}
}

variable "vpc" {
  description = "Private subnets that the functions run in, and their security groups, as the module platform takes them. null: in no VPC of yours."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null
}

variable "operator_arns" {
  description = "Who may take the role of operators, as the module platform takes them. Empty: no such role."
  type        = list(string)
  default     = []
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told of alarms."
  type        = list(string)
  default     = []
}

variable "link_keys" {
  description = "Names of the keys that sign links, as the module platform takes them: how they are rotated stands there."
  type        = list(string)
  default     = ["1"]
}
