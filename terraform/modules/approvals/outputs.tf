output "approvers" {
  description = "work.approvers of a waiting state: the people as they are subscribed."
  value       = [for name, email in var.approvers : { name = name, email = email }]
}

output "subscription_arns" {
  description = "ARN of each approver's subscription, by name; PendingConfirmation until they have followed the link in SNS's first mail."
  value       = { for name, subscription in aws_sns_topic_subscription.approver : name => subscription.arn }
}
