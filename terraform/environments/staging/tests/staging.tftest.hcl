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

run "it_is_protected_from_deletion" {
  command = plan

  assert {
    condition     = module.platform.deletion_protection == true
    error_message = "deletion protection is not what this environment is for"
  }
}
