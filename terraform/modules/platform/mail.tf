# Mails through SES in place of notices through SNS: a queue holds the rate, and what becomes of each mail comes back as an event.

locals {
  mail_configuration_set = "${var.name_prefix}-mail"
  mail_from              = try(var.mail.from, "none")
  # "Baton <baton@example.com>" is from baton@example.com.
  mail_address = try(regex("<([^<>]+)>$", local.mail_from)[0], local.mail_from)
  mail_arns = var.mail == null ? [] : [
    "arn:${local.partition}:ses:${local.region}:${local.account_id}:identity/*",
    "arn:${local.partition}:ses:${local.region}:${local.account_id}:configuration-set/${local.mail_configuration_set}",
  ]
}

resource "aws_sesv2_configuration_set" "mail" {
  count = var.mail == null ? 0 : 1

  configuration_set_name = local.mail_configuration_set
  tags                   = var.tags
}

resource "aws_sesv2_configuration_set_event_destination" "mail" {
  count = var.mail == null ? 0 : 1

  configuration_set_name = aws_sesv2_configuration_set.mail[0].configuration_set_name
  event_destination_name = "events"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "REJECT"]

    event_bridge_destination {
      event_bus_arn = "arn:${local.partition}:events:${local.region}:${local.account_id}:event-bus/default"
    }
  }
}
