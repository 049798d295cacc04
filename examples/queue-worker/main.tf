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
    endpoint                = string
    api_execution_arn       = string
    queue_function_arn      = string
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

variable "advice_timeout_seconds" {
  description = "How long advice is waited for."
  type        = number
}

variable "code" {
  description = "The zip of this example's function, as the module function takes it. null: what npm run package made here."
  type        = object({ path = optional(string), s3_bucket = optional(string), s3_key = optional(string), sha256_base64 = optional(string) })
  default     = null
}

variable "restrict_redrive" {
  description = "As the module queue-worker has it: false for emulators that do not know the attribute."
  type        = bool
  default     = true
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  code = coalesce(var.code, { path = "${path.module}/../../terraform/artifacts/dist/examples/queue-worker.zip" })
  name = "${var.platform.name_prefix}-queue-worker"
  arn  = "arn:${data.aws_partition.current.partition}:states:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:stateMachine:${local.name}"

  # In direct mode the message carries the token, and the worker itself tells Step Functions; dispatched, it reports to Baton.
  workers = {
    numbers = { handler = "main.halfWorker", settles = [local.arn], description = "Halves a number." }
    prices  = { handler = "main.priceWorker", settles = [local.arn], description = "Prices a number." }
    stock   = { handler = "main.stockWorker", settles = [], description = "Looks whether so many are there." }
  }

  definition_variables = {
    dispatcher_function_arn = var.platform.dispatcher_function_arn
    numbers_queue_url       = module.worker["numbers"].queue_url
    prices_queue_url        = module.worker["prices"].queue_url
    stock_queue_url         = module.worker["stock"].queue_url
    advice_queue_url        = aws_sqs_queue.advice.url
    timeout_seconds         = var.timeout_seconds
    heartbeat_seconds       = var.heartbeat_seconds
    advice_timeout_seconds  = var.advice_timeout_seconds
  }
}

module "worker" {
  source   = "../../terraform/modules/queue-worker"
  for_each = local.workers

  name                       = "${var.platform.name_prefix}-work-${each.key}"
  description                = each.value.description
  code                       = local.code
  handler                    = each.value.handler
  timeout_seconds            = 10
  platform                   = var.platform
  settles_state_machine_arns = each.value.settles
  restrict_redrive           = var.restrict_redrive
}

# Nobody has to answer it: the workflow goes on without.
resource "aws_sqs_queue" "advice" {
  name                    = "${local.name}-advice"
  sqs_managed_sse_enabled = true
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name                 = local.name
  definition_file      = "${path.module}/workflow.asl.json"
  definition_variables = local.definition_variables
  redelivery_seconds   = max(values(module.worker)[*].redelivery_seconds...)
  statements = [
    {
      sid       = "Dispatch"
      actions   = ["lambda:InvokeFunction"]
      resources = [var.platform.dispatcher_function_arn]
    },
    {
      sid       = "SendWork"
      actions   = ["sqs:SendMessage"]
      resources = [module.worker["numbers"].queue_arn, module.worker["prices"].queue_arn, aws_sqs_queue.advice.arn]
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
