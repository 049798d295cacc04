module "callback_store" {
  source = "../callback-store"

  name                = local.table_name
  deletion_protection = var.deletion_protection
  encryption_key      = local.encryption_key
  tags                = var.tags
}
