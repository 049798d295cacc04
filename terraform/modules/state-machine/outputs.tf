output "name" {
  description = "Name of the state machine."
  value       = aws_sfn_state_machine.this.name
}

output "arn" {
  description = "ARN of the state machine, built from the name: known in the plan."
  value       = local.arn
}

output "role_arn" {
  description = "ARN of the role that the state machine runs with."
  value       = aws_iam_role.this.arn
}

output "key_arns" {
  description = "What the platform's state_machine_key_arns must have, so that it can read whether an outcome was taken. Empty without encryption_key."
  value       = var.encryption_key[*].arn
}

output "definition" {
  description = "The definition, filled in."
  value       = local.definition_text
}

output "waiting_states" {
  description = "Names of the states that wait for somebody to end them."
  value       = keys(local.waiting)
}

output "policy_json" {
  description = "What the state machine may do, as the plan shows it."
  value       = data.aws_iam_policy_document.this.json
}

output "trust_policy_json" {
  description = "Who may take the state machine's role, as the plan shows it."
  value       = data.aws_iam_policy_document.trust.json
}
