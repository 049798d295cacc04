output "instance_profile_name" {
  description = "Start the instances with it."
  value       = aws_iam_instance_profile.this.name

  # A host whose role has no rights yet cannot fetch what it installs.
  depends_on = [aws_iam_role_policy.agent, aws_iam_role_policy.report]
}

output "role_name" {
  description = "Name of the role, for policies that the jobs need."
  value       = aws_iam_role.this.name
}

output "instance_tags" {
  description = "Start the instances with these tags."
  value       = { (var.host_tag.key) = var.host_tag.value }
}

output "policy_json" {
  description = "What the agent may do, as the plan shows it."
  value       = data.aws_iam_policy_document.agent.json
}

output "report_policy_json" {
  description = "Where the host may report."
  value       = data.aws_iam_policy_document.report.json
}
