resource "aws_ssm_document" "run_job" {
  name            = local.run_document_name
  document_type   = "Command"
  document_format = "JSON"
  target_type     = "/AWS::EC2::Instance"
  content         = templatefile("${path.module}/wiring/run-document.json", { endpoint = local.endpoint })
  tags            = var.tags
}
