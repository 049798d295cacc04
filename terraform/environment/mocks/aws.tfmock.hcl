# What AWS answers in the tests of environments.

mock_data "aws_iam_policy_document" {
  defaults = { json = "{}" }
}

mock_data "aws_region" {
  defaults = { id = "eu-central-1" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}
