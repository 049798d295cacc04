module "host" {
  source = "../../modules/ec2-worker"
  count  = var.host == null ? 0 : 1

  name              = module.platform.host_role_names[0]
  endpoint          = module.platform.endpoint
  api_execution_arn = module.platform.api_execution_arn
  host_tag          = module.platform.host_tag
  notifier          = var.notifier
  node              = var.node
}

resource "aws_instance" "host" {
  count = var.host == null ? 0 : 1

  ami                  = var.host.image_id
  instance_type        = var.host.instance_type
  subnet_id            = var.host.subnet_id
  iam_instance_profile = module.host[0].instance_profile_name
  tags                 = merge(module.host[0].instance_tags, { Name = module.platform.host_role_names[0] })

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    volume_size = 8
    encrypted   = true
  }
}
