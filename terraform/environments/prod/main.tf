# Prod: protected from deletion, logs of a year, traces.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { application = "baton", environment = "prod" }
  }
}

locals {
  built_here = { for bundle in ["dispatcher", "completer"] : bundle => { path = "${path.module}/../../artifacts/dist/${bundle}.zip" } }
}

module "platform" {
  source = "../../modules/platform"

  artifacts     = var.artifacts == null ? local.built_here : var.artifacts
  vpc           = var.vpc
  operator_arns = var.operator_arns

  log_retention_days = 365
  tracing            = true
  alarms             = { topic_arns = var.alarm_topic_arns }
}

module "host" {
  source = "../../modules/ec2-worker"

  name              = module.platform.host_role_names[0]
  endpoint          = module.platform.endpoint
  api_execution_arn = module.platform.api_execution_arn
  host_tag          = module.platform.host_tag
  notifier          = var.notifier
}
