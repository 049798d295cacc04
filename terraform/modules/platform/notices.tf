# Where approvers are told: each subscription filters by the message attributes approver and email (module approvals).

locals {
  notice_topic_name = "${var.name_prefix}-notices"
  notice_topic_arn  = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${local.notice_topic_name}"
}

resource "aws_sns_topic" "notices" {
  name              = local.notice_topic_name
  kms_master_key_id = one(local.encryption_key[*].arn)
  tags              = var.tags
}
