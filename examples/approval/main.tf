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
    notice_topic_arn        = string
  })
}

variable "timeout_seconds" {
  description = "How long the work may take."
  type        = number
}

variable "escalation_timeout_seconds" {
  description = "How long the second round may take."
  type        = number
}

variable "approvers" {
  description = "E-mail address of each person who may be asked, by the name that the input has. SNS asks each of them once whether they want its mails."
  type        = map(string)
  default     = {}
}

variable "code" {
  description = "The zip of this example's function, as the module function takes it. null: what npm run package made here."
  type        = object({ path = optional(string), s3_bucket = optional(string), s3_key = optional(string), sha256_base64 = optional(string) })
  default     = null
}

locals {
  code = coalesce(var.code, { path = "${path.module}/../../terraform/artifacts/dist/examples/approval.zip" })

  definition_variables = {
    dispatcher_function_arn    = var.platform.dispatcher_function_arn
    save_feedback_function_arn = module.save_feedback.alias_arn
    timeout_seconds            = var.timeout_seconds
    escalation_timeout_seconds = var.escalation_timeout_seconds
  }
}

module "approvers" {
  source = "../../terraform/modules/approvals"

  notice_topic_arn = var.platform.notice_topic_arn
  approvers        = var.approvers
}

resource "aws_dynamodb_table" "feedback" {
  name         = "${var.platform.name_prefix}-approval-feedback"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "requestId"

  attribute {
    name = "requestId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

module "save_feedback" {
  source = "../../terraform/modules/function"

  name            = "${var.platform.name_prefix}-approval-save-feedback"
  description     = "Keeps what people decided."
  code            = local.code
  handler         = "main.saveFeedback"
  timeout_seconds = 10
  environment     = { TABLE_NAME = aws_dynamodb_table.feedback.name }
  statements = [{
    sid       = "KeepFeedback"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.feedback.arn]
  }]
}

module "state_machine" {
  source = "../../terraform/modules/state-machine"

  name                 = "${var.platform.name_prefix}-approval"
  definition_file      = "${path.module}/workflow.asl.json"
  definition_variables = local.definition_variables
  statements = [
    {
      sid       = "Dispatch"
      actions   = ["lambda:InvokeFunction"]
      resources = [var.platform.dispatcher_function_arn]
    },
    {
      sid       = "SaveFeedback"
      actions   = ["lambda:InvokeFunction"]
      resources = [module.save_feedback.alias_arn]
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
