# Deploys this workflow into an environment that runs Baton: terraform apply -var "platform=$PLATFORM", where PLATFORM is an environment's
# terraform output -json platform. The other values come from workflow.auto.tfvars.json, which "baton run" reads too.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "platform" {
  description = "The environment's output of that name."
  type = object({
    name_prefix             = string
    dispatcher_function_arn = string
  })
}

variable "timeout_seconds" {
  description = "How long the work may take."
  type        = number
}

variable "partner_url" {
  description = "Where the partner takes jobs."
  type        = string

  validation {
    condition     = startswith(var.partner_url, "https://")
    error_message = "partner_url begins with https://: the callback URL that the partner is given is a secret."
  }
}

locals {
  definition_variables = {
    dispatcher_function_arn = var.platform.dispatcher_function_arn
    partner_url             = var.partner_url
    timeout_seconds         = var.timeout_seconds
  }
}

module "state_machine" {
  source = "__MODULES__/state-machine"

  name                 = "${var.platform.name_prefix}-__NAME__"
  definition_file      = "${path.module}/workflow.asl.json"
  definition_variables = local.definition_variables
  statements = [{
    sid       = "Dispatch"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.platform.dispatcher_function_arn]
  }]
}

output "state_machine_arn" {
  description = "Start executions of it."
  value       = module.state_machine.arn
}
