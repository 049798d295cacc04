# What makes an EC2 instance a host: the role that it reports with, and the program that runs the jobs. The instances are the caller's: start
# them with this instance profile and these tags.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  install_document_name = "${var.name}-install-notifier"
  install_document_arn  = "arn:${local.partition}:ssm:${local.region}:${local.account_id}:document/${local.install_document_name}"
}

# Whoever may take the role may choose the session's name, which is how a host is told from another: EC2 alone sets it to the instance's id.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "Hosts that run Baton's jobs."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_instance_profile" "this" {
  name = var.name
  role = aws_iam_role.this.name
  path = var.role_path
  tags = var.tags
}

data "aws_iam_policy_document" "agent" {
  # What the SSM agent needs to take commands. AWS's own AmazonSSMManagedInstanceCore grants these on * too, and besides them every
  # parameter of the account.
  statement {
    sid = "TakeCommands"
    actions = [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
      "ssm:DescribeAssociation",
      "ssm:ListAssociations",
      "ssm:ListInstanceAssociations",
      "ssm:PutComplianceItems",
      "ssm:UpdateAssociationStatus",
      "ssm:UpdateInstanceAssociationStatus",
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"] # The messages have no resource in AWS; the rest is about an instance that names itself.
  }

  dynamic "statement" {
    for_each = var.notifier[*]

    content {
      sid       = "ReadInstallation"
      actions   = ["ssm:DescribeDocument", "ssm:GetDocument"]
      resources = [local.install_document_arn]
    }
  }

  dynamic "statement" {
    for_each = var.notifier[*]

    content {
      sid       = "FetchNotifier"
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${statement.value.s3_bucket}/${statement.value.s3_key}"]
    }
  }

  # The agent lists before it downloads, to tell a file from a folder.
  dynamic "statement" {
    for_each = var.notifier[*]

    content {
      sid       = "FindNotifier"
      actions   = ["s3:ListBucket"]
      resources = ["arn:${local.partition}:s3:::${statement.value.s3_bucket}"]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${statement.value.s3_key}*"]
      }
    }
  }
}

resource "aws_iam_role_policy" "agent" {
  name   = "take-commands"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.agent.json
}

# Apart from the agent's, because the API's id is known only after it is made: the agent's policy stays readable in the plan.
data "aws_iam_policy_document" "report" {
  statement {
    sid     = "Report"
    actions = ["execute-api:Invoke"]
    # GET shows a host its own callback.
    resources = concat(
      [for verb in ["claim", "heartbeat", "success", "failure"] : "${var.api_execution_arn}/*/POST/callbacks/*/${verb}"],
      ["${var.api_execution_arn}/*/GET/callbacks/*"],
    )
  }
}

resource "aws_iam_role_policy" "report" {
  name   = "report"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.report.json
}
