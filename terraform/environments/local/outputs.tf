output "endpoint" {
  description = "Where workers report."
  value       = module.platform.endpoint
}

output "dispatcher_function_arn" {
  description = "What the waiting state invokes."
  value       = module.platform.dispatcher_function_arn
}

output "table_name" {
  description = "Name of the table of callbacks."
  value       = module.platform.table_name
}

output "run_document_name" {
  description = "Name of the SSM document that runs a job."
  value       = module.platform.run_document_name
}

output "state_machine_arn" {
  description = "ARN of the example's state machine."
  value       = module.ec2_job.state_machine_arn
}

output "host_instance_id" {
  description = "The host, if one was asked for."
  value       = one(aws_instance.host[*].id)
}
