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
    notice_topic_arn        = string
  })
}

variable "timeout_seconds" {
  description = "How long the work may take."
  type        = number
}

variable "approvers" {
  description = "E-mail address of each person who may be asked, by the name that the input has. SNS asks each of them once whether they want its mails."
  type        = map(string)
  default     = {}
}

locals {
  definition_variables = {
    dispatcher_function_arn = var.platform.dispatcher_function_arn
    timeout_seconds         = var.timeout_seconds
  }
}

module "approvers" {
  source = "__MODULES__/approvals"

  notice_topic_arn = var.platform.notice_topic_arn
  approvers        = var.approvers
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
