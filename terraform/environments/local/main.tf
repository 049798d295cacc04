# Baton and the example workflow on anything that answers as AWS does: set AWS_ENDPOINT_URL, any access key, and apply.

provider "aws" {
  region = var.region

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  default_tags {
    tags = { environment = "local" }
  }
}

locals {
  root         = "${path.module}/../../.."
  example      = "${local.root}/examples/ec2-job"
  machine_name = "${var.name_prefix}-ec2-job"
}

module "platform" {
  source = "../../modules/platform"

  name_prefix         = var.name_prefix
  artifacts           = { for bundle in ["dispatcher", "completer"] : bundle => { path = "${local.root}/terraform/artifacts/dist/${bundle}.zip" } }
  deletion_protection = false
  log_retention_days  = 1
  encryption          = { create_key = var.create_key }
}

module "ec2_job" {
  source = "../../modules/state-machine"

  name            = local.machine_name
  definition_file = "${local.example}/workflow.asl.json"
  # The values that the local platform runs the example with, too.
  definition_variables = merge(jsondecode(file("${local.example}/workflow.auto.tfvars.json")), {
    dispatcher_function_arn = module.platform.dispatcher_function_arn
  })
  statements = [{
    sid       = "Dispatch"
    actions   = ["lambda:InvokeFunction"]
    resources = [module.platform.dispatcher_function_arn]
  }]
  log_retention_days = 1
}
