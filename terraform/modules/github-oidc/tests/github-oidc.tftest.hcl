# Who may take the roles and what they may do, rendered by the provider itself without a network.

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
  repository  = "example/baton"
  environment = "prod"
  state       = { bucket = "baton-prod-state", key = "baton/prod.tfstate" }
}

run "each_role_is_taken_from_one_environment_of_one_repository" {
  command = plan

  assert {
    condition = { for role, policy in output.trust_policies : role => [for statement in jsondecode(policy).Statement : [statement.Action, statement.Principal, statement.Condition]] } == {
      for role, environment in { plan = "prod-plan", apply = "prod" } : role => [[
        "sts:AssumeRoleWithWebIdentity",
        { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
        { StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/baton:environment:${environment}"
        } },
      ]]
    }
    error_message = jsonencode(output.trust_policies)
  }
}

run "a_repository_with_ids_is_known_by_either_exact_subject" {
  command = plan

  variables {
    repository_ids = { owner = "1234", repository = "567890" }
  }

  assert {
    condition = jsondecode(output.trust_policies["apply"]).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == [
      "repo:example/baton:environment:prod", "repo:example@1234/baton@567890:environment:prod",
    ]
    error_message = output.trust_policies["apply"]
  }
}

run "ids_that_are_names_are_refused" {
  command = plan

  variables {
    repository_ids = { owner = "example", repository = "567890" }
  }

  expect_failures = [var.repository_ids]
}

run "no_key_is_made_ones_own_by_giving_it_the_tag" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["write"]).Statement : can(statement.Condition.StringEquals["aws:ResourceTag/application"])
      if length(setintersection(flatten([statement.Action]), ["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource"])) > 0
    ])
    error_message = output.policies["write"]
  }

  assert {
    condition     = !strcontains(jsonencode(output.policies), "kms:CreateKey")
    error_message = "a key is made by a person: with the right to make one comes the right to tag any"
  }
}

run "what_a_first_apply_asks_of_other_services_is_allowed" {
  command = plan

  assert {
    condition = [for statement in jsondecode(output.policies["identity"]).Statement : [statement.Action, statement.Condition] if statement.Sid == "LetApiGatewayAct"] == [
      ["iam:CreateServiceLinkedRole", { StringEquals = { "iam:AWSServiceName" = "ops.apigateway.amazonaws.com" } }]
    ]
    error_message = output.policies["identity"]
  }

  assert {
    condition = [for statement in jsondecode(output.policies["write"]).Statement : statement.Resource if statement.Sid == "TagAssociations"] == [
      "arn:aws:ssm:eu-central-1:111122223333:association/*"
    ]
    error_message = output.policies["write"]
  }
}

run "roles_are_made_within_the_boundary_that_is_named" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/teams"
    role_path                = "/teams/"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["identity"]).Statement : try(statement.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::111122223333:policy/teams"
      if length(setintersection(flatten([statement.Action]), ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"])) > 0
    ])
    error_message = output.policies["identity"]
  }

  assert {
    condition     = !strcontains(jsonencode(output.policies), "iam:DeleteRolePermissionsBoundary")
    error_message = "a boundary that can be taken away bounds nothing"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["identity"]).Statement : statement.Resource == "arn:aws:iam::111122223333:role/teams/baton-*"
      if contains(["BoundRoles", "WriteRoles", "PassRoles"], statement.Sid)
    ])
    error_message = output.policies["identity"]
  }

  assert {
    condition     = alltrue([for role in values(aws_iam_role.this) : role.path == "/teams/" && role.permissions_boundary == "arn:aws:iam::111122223333:policy/teams"])
    error_message = "the account asks it of every role"
  }
}

run "the_plan_role_reads_descriptions_and_nothing_that_is_stored" {
  command = plan

  assert {
    condition = alltrue([
      for action in flatten([for statement in jsondecode(output.policies["read"]).Statement : statement.Action]) :
      can(regex("^([a-z0-9]+:(Describe|Get|List|Validate)[A-Za-z]+|apigateway:GET)$", action))
    ])
    error_message = output.policies["read"]
  }

  assert {
    condition = length(setintersection(
      flatten([for statement in jsondecode(output.policies["read"]).Statement : statement.Action]),
      ["dynamodb:GetItem", "kms:Decrypt", "logs:GetLogEvents", "ssm:GetParameter", "states:GetExecutionHistory", "states:DescribeExecution"],
    )) == 0
    error_message = output.policies["read"]
  }

  assert {
    condition     = [for attachment in values(aws_iam_role_policy_attachment.this) : attachment.policy_arn if attachment.role == "github-baton-prod-plan"] == ["arn:aws:iam::111122223333:policy/github-baton-prod-read"]
    error_message = "the plan role has more than what it reads with"
  }
}

run "no_action_has_a_wildcard" {
  command = plan

  assert {
    condition     = !anytrue([for policy in values(output.policies) : anytrue([for statement in jsondecode(policy).Statement : strcontains(jsonencode(statement.Action), "*")])])
    error_message = jsonencode(output.policies)
  }
}

run "on_every_resource_is_only_what_has_no_narrower_form" {
  command = plan

  assert {
    condition = toset(flatten([
      for policy in values(output.policies) : [for statement in jsondecode(policy).Statement : statement.Sid if contains(flatten([statement.Resource]), "*")]
    ])) == toset(["ReadLists", "WriteMappings", "PlaceFunctions", "WriteWithoutNames"])
    error_message = jsonencode(output.policies)
  }
}

run "the_apply_role_does_not_reach_the_roles_made_here" {
  command = plan

  assert {
    condition     = alltrue([for role in values(aws_iam_role.this) : !startswith(role.name, "baton-")])
    error_message = "the apply role would change itself"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["identity"]).Statement : statement.Resource == "arn:aws:iam::111122223333:role/baton-*"
      if contains(["BoundRoles", "WriteRoles", "PassRoles"], statement.Sid)
    ])
    error_message = output.policies["identity"]
  }
}

run "keys_are_reached_by_their_tag" {
  command = plan

  assert {
    condition = alltrue([
      for statement in concat(jsondecode(output.policies["read"]).Statement, jsondecode(output.policies["write"]).Statement) :
      can(statement.Condition.StringEquals) if strcontains(jsonencode(statement.Resource), ":key/")
    ])
    error_message = output.policies["write"]
  }
}

run "the_state_is_one_object_and_its_lock" {
  command = plan

  assert {
    condition = { for statement in jsondecode(output.policies["state"]).Statement : statement.Sid => statement.Resource } == {
      WriteState = "arn:aws:s3:::baton-prod-state/baton/prod.tfstate"
      LockState  = "arn:aws:s3:::baton-prod-state/baton/prod.tfstate.tflock"
    }
    error_message = output.policies["state"]
  }
}

run "an_account_that_has_the_provider_keeps_it" {
  command = plan

  variables {
    create_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 0
    error_message = "a second provider for GitHub is refused by AWS"
  }
}

run "every_repository_of_an_owner_is_refused" {
  command = plan

  variables {
    repository = "example/*"
  }

  expect_failures = [var.repository]
}

run "an_environment_that_reads_like_a_plan_is_refused" {
  command = plan

  variables {
    environment = "prod-plan"
  }

  expect_failures = [var.environment]
}

run "a_state_that_was_not_filled_in_is_refused" {
  command = plan

  variables {
    state = { bucket = "CHANGE-ME-baton-dev-state", key = "baton/dev.tfstate" }
  }

  expect_failures = [var.state]
}

run "a_prefix_of_nothing_is_refused" {
  command = plan

  variables {
    name_prefix = ""
  }

  expect_failures = [var.name_prefix]
}

run "names_too_long_for_a_role_are_refused" {
  command = plan

  variables {
    name_prefix = "a-prefix-of-nearly-thirty"
    environment = "an-environment-with-a-long-name"
  }

  expect_failures = [var.environment]
}
