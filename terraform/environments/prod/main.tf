# Prod: protected from deletion, logs of a year, traces.

locals {
  environment = "prod"
}

module "platform" {
  source = "../../modules/platform"

  artifacts     = local.artifacts
  vpc           = var.vpc
  operator_arns = var.operator_arns
  link_keys     = var.link_keys

  log_retention_days = 365
  tracing            = true
  alarms             = { topic_arns = var.alarm_topic_arns }
}
