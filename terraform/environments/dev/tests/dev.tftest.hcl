# What this environment is, and that it refuses to be applied before it is filled in.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

variables {
  account_id = "111122223333"
  artifacts = {
    dispatcher = { path = "main.tf" }
    completer  = { path = "main.tf" }
  }
}

run "it_is_planned" {
  command = plan

  assert {
    condition     = output.dispatcher_function_arn != ""
    error_message = "a workflow needs the dispatcher's ARN"
  }

  assert {
    condition     = module.platform.deletion_protection == false
    error_message = "deletion protection is not what this environment is for"
  }
}

run "an_account_that_was_not_filled_in_is_refused" {
  command = plan

  variables {
    account_id = "000000000000"
  }

  expect_failures = [var.account_id]
}

run "a_region_by_its_city_is_refused" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}

run "a_region_that_is_none_is_refused" {
  command = plan

  variables {
    region = "eu-middle-1"
  }

  expect_failures = [var.region]
}
