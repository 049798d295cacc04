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
    name_prefix        = string
    queue_function_arn = string
  })
}

variable "timeout_seconds" {
  description = "How long the work may take."
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
  code = coalesce(var.code, { path = "${path.module}/../../terraform/artifacts/dist/examples/callback-notify.zip" })
  name = "${var.platform.name_prefix}-callback-notify"

  definition_variables = {
    orders_queue_url  = module.check_order.queue_url
    notices_topic_arn = aws_sns_topic.notices.arn
    timeout_seconds   = var.timeout_seconds
  }
}

module "check_order" {
  source = "../../terraform/modules/queue-worker"

  name            = "${var.platform.name_prefix}-work-orders"
  description     = "Accepts or refuses an order, and returns the task token that came with it."
  code            = local.code
  handler         = "main.checkOrder"
  timeout_seconds = 10
  batch_size      = 10
  platform        = { queue_function_arn = var.platform.queue_function_arn }
  # Direct mode: the message carries the token.
  settles_state_machine_arns = ["arn:${data.aws_partition.current.partition}:states:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:stateMachine:${local.name}"]
  restrict_redrive           = var.restrict_redrive
}

resource "aws_sns_topic" "notices" {
  name = "${local.name}-notices"
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name                 = local.name
  definition_file      = "${path.module}/workflow.asl.json"
  definition_variables = local.definition_variables
  redelivery_seconds   = module.check_order.redelivery_seconds
  statements = [
    {
      sid       = "SendOrders"
      actions   = ["sqs:SendMessage"]
      resources = [module.check_order.queue_arn]
    },
    {
      sid       = "Notify"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.notices.arn]
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
