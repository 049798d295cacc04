output "dispatcher_function_arn" {
  description = "What a waiting state invokes."
  value       = module.platform.dispatcher_function_arn
}

output "endpoint" {
  description = "Where workers report."
  value       = module.platform.endpoint
}

output "host_instance_profile_name" {
  description = "Start hosts with this instance profile."
  value       = module.host.instance_profile_name
}

output "host_tags" {
  description = "Start hosts with these tags."
  value       = module.host.instance_tags
}

output "platform" {
  description = "What examples and stacks of other teams are given: terraform apply -var \"platform=$(terraform output -json platform)\"."
  value       = module.platform.for_workflows
}
