output "endpoint" {
  description = "Where workers report."
  value       = module.platform.endpoint
}

output "table_name" {
  description = "Name of the table of callbacks."
  value       = module.platform.table_name
}

output "run_document_name" {
  description = "Name of the SSM document that runs a job."
  value       = module.platform.run_document_name
}

output "platform" {
  description = "What examples and stacks of other teams are given: terraform apply -var \"platform=$(terraform output -json platform)\"."
  value       = module.platform.for_workflows
}

output "host_instance_id" {
  description = "The host, if one was asked for."
  value       = one(aws_instance.host[*].id)
}

output "completions_queue_url" {
  description = "Where workers send reports that need no answer."
  value       = module.platform.completions_queue_url
}
