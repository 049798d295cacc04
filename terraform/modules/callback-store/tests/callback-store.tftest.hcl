# The table that would be made, planned by the provider without a network.

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
  name = "baton-test-callbacks"
}

run "a_table_is_protected_backed_up_and_forgets_what_is_closed" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "a table that state machines wait for could be deleted by mistake"
  }

  assert {
    condition     = one(aws_dynamodb_table.this.point_in_time_recovery).enabled
    error_message = "there would be no backup"
  }

  assert {
    condition     = one(aws_dynamodb_table.this.ttl).enabled && one(aws_dynamodb_table.this.ttl).attribute_name == "expiresAt"
    error_message = "closed callbacks would stay for ever"
  }
}

run "indexes_project_keys_only" {
  command = plan

  assert {
    condition     = alltrue([for index in aws_dynamodb_table.this.global_secondary_index : index.projection_type == "KEYS_ONLY"])
    error_message = "an index would hold outputs or tokens"
  }

  assert {
    condition     = output.index_arns["open"] == "arn:aws:dynamodb:eu-central-1:111122223333:table/baton-test-callbacks/index/open"
    error_message = jsonencode(output.index_arns)
  }
}

run "a_customer_key_encrypts_it" {
  command = plan

  variables {
    encryption_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/k" }
  }

  assert {
    condition     = one(aws_dynamodb_table.this.server_side_encryption).enabled && one(aws_dynamodb_table.this.server_side_encryption).kms_key_arn == "arn:aws:kms:eu-central-1:111122223333:key/k"
    error_message = "tokens are stored under a key that AWS owns"
  }
}

run "a_name_that_dynamodb_does_not_take_is_refused" {
  command = plan

  variables {
    name = "my table"
  }

  expect_failures = [var.name]
}
