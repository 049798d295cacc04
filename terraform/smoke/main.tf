# What a smoke run needs beside the environment that it tries: the notifier's archive in a bucket, a host, and a mailbox for what approvers are
# asked. It is applied twice, before the environment and after.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { application = "baton-smoke" }
  }
}

variable "region" {
  description = "The environment's region."
  type        = string
}

variable "environment" {
  description = "The outputs of the environment. null: it is not there yet, and only the archive is made."
  type = object({
    host_instance_profile_name = string
    host_tags                  = map(string)
    notice_topic_arn           = string
  })
  default = null
}

variable "approvers" {
  description = "Whose notices go to the mailbox."
  type        = list(string)
}

variable "image_id" {
  description = "The image of the host. null: Amazon Linux 2023."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "The type of the host."
  type        = string
  default     = "t3.small"
}

variable "subnet_id" {
  description = "The subnet of the host, from which it reaches AWS and nodejs.org. null: one of the default VPC."
  type        = string
  default     = null
}

locals {
  archive = "${path.module}/../artifacts/dist/ec2-agent-notifier.tar.gz"
}

resource "aws_s3_bucket" "artifacts" {
  bucket_prefix = "baton-smoke-"
  force_destroy = true
}

resource "aws_s3_object" "notifier" {
  bucket      = aws_s3_bucket.artifacts.id
  key         = "ec2-agent-notifier.tar.gz"
  source      = local.archive
  source_hash = filesha256(local.archive)
}

data "aws_ssm_parameter" "amazon_linux" {
  count = var.image_id == null ? length(var.environment[*]) : 0
  name  = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_instance" "host" {
  for_each = { for environment in var.environment[*] : "host" => environment }

  ami                  = coalesce(var.image_id, one(data.aws_ssm_parameter.amazon_linux[*].insecure_value))
  instance_type        = var.instance_type
  subnet_id            = var.subnet_id
  iam_instance_profile = each.value.host_instance_profile_name
  tags                 = merge(each.value.host_tags, { Name = "baton-smoke" })

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_sqs_queue" "mailbox" {
  name_prefix = "baton-smoke-mailbox-"
}

data "aws_iam_policy_document" "mailbox" {
  for_each = { for environment in var.environment[*] : "mailbox" => environment }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.mailbox.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [each.value.notice_topic_arn]
    }
  }
}

resource "aws_sqs_queue_policy" "mailbox" {
  for_each = data.aws_iam_policy_document.mailbox

  queue_url = aws_sqs_queue.mailbox.id
  policy    = each.value.json
}

resource "aws_sns_topic_subscription" "mailbox" {
  for_each = { for environment in var.environment[*] : "mailbox" => environment }

  topic_arn     = each.value.notice_topic_arn
  protocol      = "sqs"
  endpoint      = aws_sqs_queue.mailbox.arn
  filter_policy = jsonencode({ approver = var.approvers })
}

# What EventBridge says meanwhile, for the record.

locals {
  sources = ["aws.ec2", "aws.ssm", "aws.states"]
}

resource "aws_sqs_queue" "events" {
  name_prefix = "baton-smoke-events-"
}

resource "aws_cloudwatch_event_rule" "events" {
  name_prefix   = "baton-smoke-"
  event_pattern = jsonencode({ source = local.sources })
}

resource "aws_cloudwatch_event_target" "events" {
  rule = aws_cloudwatch_event_rule.events.name
  arn  = aws_sqs_queue.events.arn
}

data "aws_iam_policy_document" "events" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.events.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.events.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.id
  policy    = data.aws_iam_policy_document.events.json
}

output "notifier" {
  description = "What the environment takes as notifier."
  value       = { s3_bucket = aws_s3_bucket.artifacts.id, s3_key = aws_s3_object.notifier.key, sha256 = filesha256(local.archive) }
}

output "instance_id" {
  description = "The host."
  value       = one(values(aws_instance.host)[*].id)
}

output "mailbox_url" {
  description = "Where the notices to approvers lie."
  value       = aws_sqs_queue.mailbox.url
}

output "events_url" {
  description = "Where the events lie."
  value       = aws_sqs_queue.events.url
}
