terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Where the state is kept stands in backend.hcl: terraform init -backend-config=backend.hcl
  backend "s3" {}
}
