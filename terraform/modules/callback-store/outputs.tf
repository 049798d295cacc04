output "name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "ARN of the table, built from the name: known in the plan."
  value       = local.arn
}

output "index_arns" {
  description = "ARN of each index, by its name."
  value       = { for name, index in local.schema.indexes : name => "${local.arn}/index/${name}" }
}
