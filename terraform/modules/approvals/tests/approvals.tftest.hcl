mock_provider "aws" {}

variables {
  notice_topic_arn = "arn:aws:sns:eu-central-1:111122223333:baton-notices"
  approvers        = { Ann = "ann@example.com", Ben = "ben@example.com" }
}

run "everybody_gets_their_own_links_alone" {
  command = plan

  assert {
    condition = { for name, subscription in aws_sns_topic_subscription.approver : name => jsondecode(subscription.filter_policy) } == {
      Ann = { approver = ["Ann"], email = ["ann@example.com"] }
      Ben = { approver = ["Ben"], email = ["ben@example.com"] }
    }
    error_message = "somebody could decide in another's name"
  }

  assert {
    condition     = alltrue([for subscription in values(aws_sns_topic_subscription.approver) : subscription.filter_policy_scope == "MessageAttributes" && subscription.protocol == "email"])
    error_message = "the filter reads the attributes of a notice"
  }
}

run "a_workflow_is_given_the_people_as_they_are_subscribed" {
  command = plan

  assert {
    condition     = output.approvers == [{ name = "Ann", email = "ann@example.com" }, { name = "Ben", email = "ben@example.com" }]
    error_message = jsonencode(output.approvers)
  }
}

run "a_bad_address_is_refused" {
  command = plan

  variables {
    approvers = { Ann = "Ann <ann@example.com>" }
  }

  expect_failures = [var.approvers]
}

run "an_address_without_a_domain_is_refused" {
  command = plan

  variables {
    approvers = { Ann = "ann@localhost" }
  }

  expect_failures = [var.approvers]
}

run "a_topic_by_its_name_is_refused" {
  command = plan

  variables {
    notice_topic_arn = "baton-notices"
  }

  expect_failures = [var.notice_topic_arn]
}
