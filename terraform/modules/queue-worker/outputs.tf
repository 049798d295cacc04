output "queue_url" {
  description = "What a waiting state sends to: work.queueUrl, or QueueUrl in direct mode."
  value       = aws_sqs_queue.this.url
}

output "redelivery_seconds" {
  description = "How long a message is tried before it is a dead letter: max_receive_count visibility timeouts. Give it to module state-machine, whose tasks must wait for longer."
  value       = var.max_receive_count * local.visibility_timeout_seconds
}

output "queue_arn" {
  description = "ARN of the queue, built from the name: known in the plan."
  value       = local.queue_arn
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue of messages that were given up."
  value       = local.dead_letter_queue_arn
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "policy_json" {
  description = "What the function may do, as the plan shows it."
  value       = module.function.policy_json
}
