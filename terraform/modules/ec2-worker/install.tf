# Puts the notifier on every tagged instance, at its first start and whenever another version is named here.

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
  })
}

resource "aws_ssm_association" "install" {
  count = var.notifier == null ? 0 : 1

  association_name    = local.install_document_name
  name                = aws_ssm_document.install[0].name
  document_version    = aws_ssm_document.install[0].latest_version
  compliance_severity = "HIGH"

  targets {
    key    = "tag:${var.host_tag.key}"
    values = [var.host_tag.value]
  }
}
