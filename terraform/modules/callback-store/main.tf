# The table that holds every callback. Keys, indexes and the TTL attribute come from the wiring, which the local platform reads too.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  schema = jsondecode(file("${path.module}/../platform/wiring/table.json"))

  # An attribute that serves several keys is declared once.
  attributes = merge([
    for key in concat([local.schema], values(local.schema.indexes)) : {
      (key.partitionKey.name) = key.partitionKey.type
      (key.sortKey.name)      = key.sortKey.type
    }
  ]...)

  arn = "arn:${data.aws_partition.current.partition}:dynamodb:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:table/${var.name}"
}

resource "aws_dynamodb_table" "this" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = local.schema.partitionKey.name
  range_key    = local.schema.sortKey.name

  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = local.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  # Outputs and tokens stay out of the indexes: readers of an index read the row itself before they act on it.
  dynamic "global_secondary_index" {
    for_each = local.schema.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.partitionKey.name
      range_key       = global_secondary_index.value.sortKey.name
      projection_type = "KEYS_ONLY"
    }
  }

  ttl {
    enabled        = true
    attribute_name = local.schema.timeToLiveAttribute
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  # Without a customer key DynamoDB encrypts with one that AWS owns; with it, whoever reads a token must also be allowed the key.
  server_side_encryption {
    enabled     = var.encryption_key != null
    kms_key_arn = one(var.encryption_key[*].arn)
  }

  tags = var.tags
}
