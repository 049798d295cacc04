# Deploys this workflow into an environment that runs Baton: terraform apply -var "platform=$PLATFORM", where PLATFORM is an environment's
# terraform output -json platform. The other values come from workflow.auto.tfvars.json, which the local platform reads too.

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

variable "heartbeat_seconds" {
  description = "How long the worker may be silent."
  type        = number

  validation {
    condition     = var.heartbeat_seconds < var.timeout_seconds
    error_message = "heartbeat_seconds must be less than timeout_seconds."
  }
}

variable "max_concurrency" {
  description = "How many shards are counted at once."
  type        = number
}

variable "tolerated_failure_percentage" {
  description = "How many shards may fail, of a hundred."
  type        = number
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name = "${var.platform.name_prefix}-fan-out"
  arn  = "arn:${data.aws_partition.current.partition}:states:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"

  definition_variables = {
    dispatcher_function_arn      = var.platform.dispatcher_function_arn
    timeout_seconds              = var.timeout_seconds
    heartbeat_seconds            = var.heartbeat_seconds
    max_concurrency              = var.max_concurrency
    tolerated_failure_percentage = var.tolerated_failure_percentage
  }
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name                 = local.name
  definition_file      = "${path.module}/workflow.asl.json"
  definition_variables = local.definition_variables
  statements = [
    {
      sid       = "Dispatch"
      actions   = ["lambda:InvokeFunction"]
      resources = [var.platform.dispatcher_function_arn]
    },
    # A distributed map runs its items as executions of its own machine.
    {
      sid       = "RunItems"
      actions   = ["states:StartExecution"]
      resources = ["${local.arn}:stateMachine:${local.name}"]
    },
    {
      sid       = "FollowItems"
      actions   = ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"]
      resources = ["${local.arn}:execution:${local.name}:*", "${local.arn}:execution:${local.name}/*"]
    },
  ]
}

output "state_machine_arn" {
  description = "Start executions of it."
  value       = module.state_machine.arn
}

output "definition_variables" {
  description = "What the names in workflow.asl.json stand for."
  value       = local.definition_variables
}
