output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "alias" {
  description = "Name of the alias that callers invoke: the qualifier of a permission."
  value       = aws_lambda_alias.this.name
}

output "alias_arn" {
  description = "ARN of the alias, built from the name: known in the plan."
  value       = local.alias_arn
}

output "invoke_arn" {
  description = "What an API Gateway integration calls."
  value       = aws_lambda_alias.this.invoke_arn
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = aws_iam_role.this.arn
}

output "role" {
  description = "Name, path and permissions boundary of the function's role, as the plan shows them."
  value = {
    name                 = aws_iam_role.this.name
    path                 = aws_iam_role.this.path
    permissions_boundary = aws_iam_role.this.permissions_boundary
  }
}

output "runtime" {
  description = "The function's runtime."
  value       = aws_lambda_function.this.runtime
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "policy_json" {
  description = "What the function may do, as the plan shows it."
  value       = data.aws_iam_policy_document.this.json
}
