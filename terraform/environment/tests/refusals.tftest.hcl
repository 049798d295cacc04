# An environment is planned, and refuses to be applied before it is filled in.

mock_provider "aws" {
  source = "../../environment/mocks"
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
