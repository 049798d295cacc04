# Dev: logs of a week, nothing protected, alarms only where somebody is told of them. It may be destroyed and created again.

locals {
  environment = "dev"
}

module "platform" {
  source = "../../modules/platform"

  artifacts     = local.artifacts
  vpc           = var.vpc
  operator_arns = var.operator_arns
  link_keys     = var.link_keys

  deletion_protection = false
  log_retention_days  = 7
  http_throttling     = { rate = 50, burst = 100 }
  alarms              = { enabled = length(var.alarm_topic_arns) > 0, topic_arns = var.alarm_topic_arns }
}
