# Puts the notifier on every tagged instance, at its first start and whenever another version is named here.

locals {
  # The release of Node that hosts get, with the hashes of the Node project's SHASUMS256.txt.
  node = jsondecode(file("${path.module}/node.json"))
}

resource "aws_ssm_document" "install" {
  count = var.notifier == null ? 0 : 1

  name            = local.install_document_name
  document_type   = "Command"
  document_format = "JSON"
  target_type     = "/AWS::EC2::Instance"
  tags            = var.tags

  content = templatefile("${path.module}/install-document.json", {
    url      = "https://s3.${local.region}.${data.aws_partition.current.dns_suffix}/${var.notifier.s3_bucket}/${var.notifier.s3_key}"
    sha256   = var.notifier.sha256
    endpoint = var.endpoint

    node_path         = var.node.path == null ? "" : var.node.path
    node_base_url     = var.node.base_url
    node_version      = local.node.version
    node_x64_name     = local.node.archives["linux-x64"].name
    node_x64_sha256   = local.node.archives["linux-x64"].sha256
    node_arm64_name   = local.node.archives["linux-arm64"].name
    node_arm64_sha256 = local.node.archives["linux-arm64"].sha256
  })
}

resource "aws_ssm_association" "install" {
  count = var.notifier == null ? 0 : 1

  association_name    = local.install_document_name
  name                = aws_ssm_document.install[0].name
  document_version    = aws_ssm_document.install[0].latest_version
  compliance_severity = "HIGH"
  parameters          = merge({ runAs = var.run_as }, var.jobs_at_once == null ? {} : { jobsAtOnce = tostring(var.jobs_at_once) })

  targets {
    key    = "tag:${var.host_tag.key}"
    values = [var.host_tag.value]
  }
}
