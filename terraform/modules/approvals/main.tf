# People who are asked: each is subscribed to the platform's notices by mail, and gets those that are addressed to them alone.

resource "aws_sns_topic_subscription" "approver" {
  for_each = var.approvers

  topic_arn = var.notice_topic_arn
  protocol  = "email"
  endpoint  = each.value

  # Somebody else's link would let them decide in that name.
  filter_policy_scope = "MessageAttributes"
  filter_policy       = jsonencode({ approver = [each.key], email = [each.value] })
}
