# Deploys this workflow into an environment that runs Baton: terraform apply -var dispatcher_function_arn=ARN. The other values come from
# workflow.auto.tfvars.json, which the local platform reads too.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "dispatcher_function_arn" {
  description = "The platform's output of that name."
  type        = string
}

variable "name_prefix" {
  description = "The platform's name_prefix: it settles the state machines whose names begin with it."
  type        = string
  default     = "baton"
}

variable "timeout_seconds" {
  description = "How long the job may take."
  type        = number
}

variable "heartbeat_seconds" {
  description = "How long the host may be silent."
  type        = number

  validation {
    condition     = var.heartbeat_seconds < var.timeout_seconds
    error_message = "heartbeat_seconds must be less than timeout_seconds."
  }
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name            = "${var.name_prefix}-ec2-job"
  definition_file = "${path.module}/workflow.asl.json"
  definition_variables = {
    dispatcher_function_arn = var.dispatcher_function_arn
    timeout_seconds         = var.timeout_seconds
    heartbeat_seconds       = var.heartbeat_seconds
  }
  statements = [{
    sid       = "Dispatch"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.dispatcher_function_arn]
  }]
}

output "state_machine_arn" {
  description = "Start executions of it."
  value       = module.state_machine.arn
}
