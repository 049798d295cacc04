output "plan_role_arn" {
  description = "The variable AWS_ROLE_ARN of the GitHub environment ENVIRONMENT-plan."
  value       = aws_iam_role.this["plan"].arn
}

output "apply_role_arn" {
  description = "The variable AWS_ROLE_ARN of the GitHub environment ENVIRONMENT, which has the reviewers."
  value       = aws_iam_role.this["apply"].arn
}

output "trust_policies" {
  description = "Who may take the roles plan and apply: JSON, readable in the plan."
  value       = { for name, policy in data.aws_iam_policy_document.trust : name => policy.json }
}

output "policies" {
  description = "What read (both roles), write, identity and state (the apply role) allow: JSON, readable in the plan."
  value       = { for name, policy in data.aws_iam_policy_document.this : name => policy.json }
}
