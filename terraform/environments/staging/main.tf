# Staging: like prod, with smaller limits.

locals {
  environment = "staging"
}

module "platform" {
  source = "../../modules/platform"

  artifacts     = local.artifacts
  vpc           = var.vpc
  operator_arns = var.operator_arns
  link_keys     = var.link_keys

  log_retention_days = 30
  http_throttling    = { rate = 100, burst = 200 }
  alarms             = { topic_arns = var.alarm_topic_arns }
}
