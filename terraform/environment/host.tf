# What makes an EC2 instance of this environment a host.

module "host" {
  source = "../../modules/ec2-worker"

  name              = module.platform.host_role_names[0]
  endpoint          = module.platform.endpoint
  api_execution_arn = module.platform.api_execution_arn
  host_tag          = module.platform.host_tag
  notifier          = var.notifier
  node              = var.node
}
locals {
  built_here = { for bundle in ["dispatcher", "completer"] : bundle => { path = "${path.module}/../../artifacts/dist/${bundle}.zip" } }
  artifacts  = var.artifacts == null ? local.built_here : var.artifacts
}
