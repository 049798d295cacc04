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
  root = "${path.module}/../../.."
  zips = coalesce(var.artifacts_folder, "${local.root}/terraform/artifacts/dist")
  # The values that the local platform runs the example with, too.
  example = jsondecode(file("${local.root}/examples/ec2-job/workflow.auto.tfvars.json"))
}

module "platform" {
  source = "../../modules/platform"

  name_prefix         = var.name_prefix
  artifacts           = { for bundle in ["dispatcher", "completer"] : bundle => { path = "${local.zips}/${bundle}.zip" } }
  deletion_protection = false
  log_retention_days  = 1
  encryption          = { create_key = var.create_key }
}

module "ec2_job" {
  source = "../../../examples/ec2-job"

  name_prefix             = var.name_prefix
  dispatcher_function_arn = module.platform.dispatcher_function_arn
  timeout_seconds         = local.example.timeout_seconds
  heartbeat_seconds       = local.example.heartbeat_seconds
}
