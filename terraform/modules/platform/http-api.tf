resource "aws_apigatewayv2_api" "this" {
  name          = var.name_prefix
  description   = "The handlers of the completer."
  protocol_type = "HTTP"
  tags          = var.tags
}

# A name of your own: links in mails survive a rebuild of the API, and hosts behind an interface endpoint of execute-api, whose private DNS takes
# *.execute-api names and answers 403 for an HTTP API, reach it by this name.
resource "aws_apigatewayv2_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name = var.domain.name
  tags        = var.tags

  domain_name_configuration {
    certificate_arn = var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].domain_name
  stage       = aws_apigatewayv2_stage.this.name
}

locals {
  endpoint = var.domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.domain.name}"
  # Whoever knows the address may ask: these routes neither use up what workers need nor cost without bound.
  open_routes = { for key, route in local.routes : key => route if route.authorization == "NONE" }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = toset([for route in local.routes : route.function])

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.function[each.key].invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 30000 # the most that an HTTP API waits; the function gives up a second earlier
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  authorization_type = each.value.authorization
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.function].id}"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.http_throttling.rate
    throttling_burst_limit = var.http_throttling.burst
  }

  dynamic "route_settings" {
    for_each = local.open_routes

    content {
      route_key              = route_settings.key
      throttling_rate_limit  = var.open_throttling.rate
      throttling_burst_limit = var.open_throttling.burst
    }
  }

  # The route, never the path: a path can carry a link that decides something.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.http_api.arn
    format = jsonencode({
      requestId        = "$context.requestId"
      time             = "$context.requestTimeEpoch"
      route            = "$context.routeKey"
      status           = "$context.status"
      caller           = "$context.identity.userArn"
      sourceIp         = "$context.identity.sourceIp"
      latency          = "$context.responseLatency"
      error            = "$context.error.message"
      integrationError = "$context.integrationErrorMessage"
    })
  }

  tags = var.tags

  # API Gateway refuses settings of a route that is not there.
  depends_on = [aws_apigatewayv2_route.this]
}

resource "aws_cloudwatch_log_group" "http_api" {
  # The vendedlogs prefix keeps the account's log resource policy from growing with every API.
  name              = "/aws/vendedlogs/apigateway/${var.name_prefix}"
  retention_in_days = var.log_retention_days
  kms_key_id        = one(local.encryption_key[*].arn)
  tags              = var.tags
}

resource "aws_lambda_permission" "route" {
  for_each = local.routes

  statement_id  = "route-${substr(sha256(each.key), 0, 16)}"
  action        = "lambda:InvokeFunction"
  function_name = module.function[each.value.function].name
  qualifier     = module.function[each.value.function].alias
  principal     = "apigateway.amazonaws.com"
  # "POST /a/{b}/c" of any stage: execution-arn/*/POST/a/*/c
  source_arn = "${aws_apigatewayv2_api.this.execution_arn}/*/${replace(replace(each.key, " ", ""), "/\\{[^}]+\\}/", "*")}"
}
