resource "aws_apigatewayv2_api" "this" {
  name          = var.name_prefix
  description   = "The handlers of the completer."
  protocol_type = "HTTP"
  tags          = var.tags
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
