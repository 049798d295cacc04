# Baton on anything that answers as AWS does: set AWS_ENDPOINT_URL, any access key, and apply.

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_ids
  max_retries         = 3 # An endpoint that is not there is not worth waiting for.

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  default_tags {
    tags = { environment = "local" }
  }
}

locals {
  zips = coalesce(var.artifacts_folder, "${path.module}/../../artifacts/dist")
}

module "platform" {
  source = "../../modules/platform"

  name_prefix         = var.name_prefix
  artifacts           = { for bundle in ["dispatcher", "completer"] : bundle => { path = "${local.zips}/${bundle}.zip" } }
  deletion_protection = false
  log_retention_days  = 1
  loopback_webhooks   = true
  webhook_allow       = ["127.0.0.0/8"]
  encryption          = { create_key = var.create_key }
}
