# The policies as AWS would get them, rendered by the provider itself without a network.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  name              = "baton-host"
  endpoint          = "https://api.execute-api.eu-central-1.amazonaws.com"
  api_execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:api"
  host_tag          = { key = "baton", value = "baton" }
}

run "only_ec2_takes_the_role" {
  command = plan

  assert {
    condition     = jsondecode(data.aws_iam_policy_document.trust.json).Statement == [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" } }]
    error_message = data.aws_iam_policy_document.trust.json
  }
}

run "its_role_keeps_to_the_accounts_boundary_and_path" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/teams"
    role_path                = "/teams/"
  }

  assert {
    condition     = alltrue([for thing in [aws_iam_role.this, aws_iam_instance_profile.this] : thing.path == "/teams/"]) && aws_iam_role.this.permissions_boundary == "arn:aws:iam::111122223333:policy/teams"
    error_message = "an account that asks for boundary and path refuses the role"
  }
}

run "a_host_uses_the_five_routes_of_a_callback_and_settles_nothing_itself" {
  command = plan

  assert {
    condition     = toset(jsondecode(output.report_policy_json).Statement[0].Resource) == toset(concat(["arn:aws:execute-api:eu-central-1:111122223333:api/*/GET/callbacks/*"], [for verb in ["claim", "heartbeat", "success", "failure"] : "arn:aws:execute-api:eu-central-1:111122223333:api/*/POST/callbacks/*/${verb}"]))
    error_message = output.report_policy_json
  }

  assert {
    condition     = !can(regex("states:|dynamodb:|GetParameter|\\*\"\\s*:|:\\*\"", output.policy_json))
    error_message = output.policy_json
  }
}

run "the_image_brings_the_notifier_when_none_is_named" {
  command = plan

  assert {
    condition     = length(aws_ssm_document.install) == 0 && !strcontains(output.policy_json, "s3:")
    error_message = "there is nothing to install, and nothing to fetch"
  }
}

run "the_notifier_is_fetched_by_name_and_checked_before_it_is_unpacked" {
  command = plan

  variables {
    notifier = { s3_bucket = "releases", s3_key = "v1/notifier.tar.gz", sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
  }

  assert {
    condition = one([
      for statement in jsondecode(output.policy_json).Statement : statement.Resource if statement.Action == "s3:GetObject"
    ]) == "arn:aws:s3:::releases/v1/notifier.tar.gz"
    error_message = output.policy_json
  }

  assert {
    condition     = jsondecode(jsondecode(aws_ssm_document.install[0].content).mainSteps[0].inputs.sourceInfo).path == "https://s3.eu-central-1.amazonaws.com/releases/v1/notifier.tar.gz"
    error_message = aws_ssm_document.install[0].content
  }

  assert {
    condition     = can(regex("(?s)9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 \\S+ \\| sha256sum --check.*refuse.*tar -xzf", join("\n", jsondecode(aws_ssm_document.install[0].content).mainSteps[1].inputs.runCommand)))
    error_message = "unpacked before it is checked: ${aws_ssm_document.install[0].content}"
  }

  assert {
    condition     = aws_ssm_association.install[0].parameters == tomap({ runAs = "baton" })
    error_message = "jobs would run as somebody who was not asked for"
  }

  assert {
    condition     = one(aws_ssm_association.install[0].targets).key == "tag:baton"
    error_message = "it would be installed elsewhere than on the hosts"
  }
}

run "node_is_the_pinned_release_of_the_node_project" {
  command = plan

  variables {
    notifier = { s3_bucket = "releases", s3_key = "v1/notifier.tar.gz", sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
  }

  assert {
    condition = alltrue([for archive in values(jsondecode(file("node.json")).archives) :
      strcontains(aws_ssm_document.install[0].content, "name=${archive.name} sha256=${archive.sha256} ;;")
    ])
    error_message = aws_ssm_document.install[0].content
  }

  assert {
    condition     = strcontains(aws_ssm_document.install[0].content, "'https://nodejs.org/dist/v${jsondecode(file("node.json")).version}'/$name") && strcontains(aws_ssm_document.install[0].content, "node=''")
    error_message = aws_ssm_document.install[0].content
  }
}

run "node_may_come_from_a_copy_or_be_the_hosts_own" {
  command = plan

  variables {
    notifier = { s3_bucket = "releases", s3_key = "v1/notifier.tar.gz", sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
    node     = { base_url = "https://mirror.s3.eu-central-1.amazonaws.com/node/dist", path = "/usr/bin/node" }
  }

  assert {
    condition     = strcontains(aws_ssm_document.install[0].content, "'https://mirror.s3.eu-central-1.amazonaws.com/node/dist/v") && strcontains(aws_ssm_document.install[0].content, "node='/usr/bin/node'")
    error_message = aws_ssm_document.install[0].content
  }
}

run "node_by_plain_http_is_refused" {
  command = plan

  variables {
    node = { base_url = "http://mirror.internal/dist" }
  }

  expect_failures = [var.node]
}

run "a_path_of_node_that_a_shell_would_read_is_refused" {
  command = plan

  variables {
    node = { path = "/usr/bin/node'; id; '" }
  }

  expect_failures = [var.node]
}

run "a_hash_that_is_not_one_is_refused" {
  command = plan

  variables {
    notifier = { s3_bucket = "releases", s3_key = "v1/notifier.tar.gz", sha256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" }
  }

  expect_failures = [var.notifier]
}

run "a_name_too_long_for_a_role_is_refused" {
  command = plan

  variables {
    name = "a-name-that-goes-on-and-on-until-no-role-of-aws-could-ever-carry-it"
  }

  expect_failures = [var.name]
}
