# Dev: short memories, nothing protected, alarms only where somebody is told of them. It may be destroyed and made again.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { application = "baton", environment = "dev" }
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

  deletion_protection = false
  log_retention_days  = 7
  http_throttling     = { rate = 50, burst = 100 }
  alarms              = { enabled = length(var.alarm_topic_arns) > 0, topic_arns = var.alarm_topic_arns }
}

module "host" {
  source = "../../modules/ec2-worker"

  name              = module.platform.host_role_names[0]
  endpoint          = module.platform.endpoint
  api_execution_arn = module.platform.api_execution_arn
  host_tag          = module.platform.host_tag
  notifier          = var.notifier
}
