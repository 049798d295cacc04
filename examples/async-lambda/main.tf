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
  description = "The zip of this example's function, as the module function takes it. null: what npm run package made here."
  type        = object({ path = optional(string), s3_bucket = optional(string), s3_key = optional(string), sha256_base64 = optional(string) })
  default     = null
}

locals {
  code = coalesce(var.code, { path = "${path.module}/../../terraform/artifacts/dist/examples/async-lambda.zip" })

  definition_variables = {
    dispatcher_function_arn = var.platform.dispatcher_function_arn
    print_book_function_arn = module.print_book.alias_arn
    timeout_seconds         = var.timeout_seconds
    heartbeat_seconds       = var.heartbeat_seconds
  }
}

resource "aws_dynamodb_table" "progress" {
  name         = "${var.platform.name_prefix}-async-lambda-progress"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "jobId"

  attribute {
    name = "jobId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

module "print_book" {
  source = "../../terraform/modules/function"

  # The dispatcher invokes, and the completer hears, what has a name of a worker.
  name            = "${var.platform.name_prefix}-work-print-book"
  description     = "Prints a book, chapter by chapter, and ends the task when it is done."
  code            = local.code
  handler         = "main.handler"
  timeout_seconds = 60
  environment     = { TABLE_NAME = aws_dynamodb_table.progress.name, BATON_ENDPOINT = var.platform.endpoint }
  statements = [
    {
      sid       = "KeepProgress"
      actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      resources = [aws_dynamodb_table.progress.arn]
    },
    {
      sid       = "Report"
      actions   = ["execute-api:Invoke"]
      resources = [for verb in ["heartbeat", "success", "failure"] : "${var.platform.api_execution_arn}/*/POST/callbacks/*/${verb}"]
    },
  ]
  # The state machine retries: it knows how far the job has come, and when it has to end.
  asynchronous = { maximum_retry_attempts = 0, failure_function_arn = var.platform.destination_function_arn }
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name                 = "${var.platform.name_prefix}-async-lambda"
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

output "definition_variables" {
  description = "What the names in workflow.asl.json stand for."
  value       = local.definition_variables
}
