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
    name_prefix              = string
    dispatcher_function_arn  = string
    endpoint                 = string
    api_execution_arn        = string
    destination_function_arn = string
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

variable "code" {
  description = "The zip of the functions, as the module function takes it: what \"baton bundle\" writes."
  type        = object({ path = optional(string), s3_bucket = optional(string), s3_key = optional(string), sha256_base64 = optional(string) })
  default     = { path = "dist/code.zip" }
}

locals {
  definition_variables = {
    dispatcher_function_arn = var.platform.dispatcher_function_arn
    print_function_arn      = module.print.alias_arn
    timeout_seconds         = var.timeout_seconds
    heartbeat_seconds       = var.heartbeat_seconds
  }
}

module "print" {
  source = "__MODULES__/function"

  # The dispatcher invokes, and the completer hears, what has a name of a worker: the environment's prefix and "-work-".
  name            = "${var.platform.name_prefix}-work-print"
  description     = "Prints a book."
  code            = var.code
  handler         = "main.printer"
  timeout_seconds = 60
  environment     = { BATON_ENDPOINT = var.platform.endpoint }
  statements = [{
    sid       = "Report"
    actions   = ["execute-api:Invoke"]
    resources = [for verb in ["heartbeat", "success", "failure"] : "${var.platform.api_execution_arn}/*/POST/callbacks/*/${verb}"]
  }]
  # The state machine retries: it knows when the work has to end.
  asynchronous = { maximum_retry_attempts = 0, failure_function_arn = var.platform.destination_function_arn }
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
