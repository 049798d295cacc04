# What a plan reads of a platform: descriptions, never what is stored. No callback, no message, no log line.

locals {
  arn = { for service, form in {
    alarm       = "cloudwatch:${local.region}:${local.account_id}:alarm:${var.name_prefix}-*"
    table       = "dynamodb:${local.region}:${local.account_id}:table/${var.name_prefix}-*"
    rule        = "events:${local.region}:${local.account_id}:rule/${var.name_prefix}-*"
    role        = "iam::${local.account_id}:role${var.role_path}${var.name_prefix}-*"
    profile     = "iam::${local.account_id}:instance-profile${var.role_path}${var.name_prefix}-*"
    policy      = "iam::${local.account_id}:policy${var.role_path}${var.name_prefix}-*"
    key         = "kms:${local.region}:${local.account_id}:key/*"
    alias       = "kms:${local.region}:${local.account_id}:alias/${var.name_prefix}"
    aliases     = "kms:${local.region}:${local.account_id}:alias/${var.name_prefix}-*"
    function    = "lambda:${local.region}:${local.account_id}:function:${var.name_prefix}-*"
    mapping     = "lambda:${local.region}:${local.account_id}:event-source-mapping:*"
    lambda_logs = "logs:${local.region}:${local.account_id}:log-group:/aws/lambda/${var.name_prefix}-*"
    vended_logs = "logs:${local.region}:${local.account_id}:log-group:/aws/vendedlogs/*/${var.name_prefix}*"
    queue       = "sqs:${local.region}:${local.account_id}:${var.name_prefix}-*"
    topic       = "sns:${local.region}:${local.account_id}:${var.name_prefix}-*"
    association = "ssm:${local.region}:${local.account_id}:association/*"
    dashboard   = "cloudwatch::${local.account_id}:dashboard/${var.name_prefix}*"
    api_role    = "iam::${local.account_id}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway"
    document    = "ssm:${local.region}:${local.account_id}:document/${var.name_prefix}-*"
    machine     = "states:${local.region}:${local.account_id}:stateMachine:${var.name_prefix}-*"
    apis        = "apigateway:${local.region}::/apis"
    api         = "apigateway:${local.region}::/apis/*"
    api_tags    = "apigateway:${local.region}::/tags/*"
    state       = "s3:::${var.state.bucket}/${var.state.key}"
    lock        = "s3:::${var.state.bucket}/${var.state.key}.tflock"
    bucket      = "s3:::${var.state.bucket}"
  } : service => "arn:${local.partition}:${form}" }

  tagged = { "aws:ResourceTag/${var.key_tag.key}" = var.key_tag.value }

  reads = merge({
    ReadState  = { actions = ["s3:GetObject"], resources = [local.arn.state] }
    FindState  = { actions = ["s3:ListBucket"], resources = [local.arn.bucket] }
    ReadTables = { actions = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"], resources = [local.arn.table] }
    ReadFunctions = {
      actions = [
        "lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConcurrency", "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig", "lambda:GetPolicy", "lambda:ListTags", "lambda:ListVersionsByFunction",
      ]
      resources = [local.arn.function]
    }
    ReadMappings = { actions = ["lambda:GetEventSourceMapping", "lambda:ListTags"], resources = [local.arn.mapping] }
    ReadRoles = {
      actions   = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"]
      resources = [local.arn.role]
    }
    ReadProfiles  = { actions = ["iam:GetInstanceProfile"], resources = [local.arn.profile] }
    ReadPolicies  = { actions = ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"], resources = [local.arn.policy] }
    ReadRules     = { actions = ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"], resources = [local.arn.rule] }
    ReadQueues    = { actions = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"], resources = [local.arn.queue] }
    ReadTopics    = { actions = ["sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:GetSubscriptionAttributes"], resources = [local.arn.topic] }
    ReadDocuments = { actions = ["ssm:DescribeDocument", "ssm:DescribeDocumentPermission", "ssm:GetDocument"], resources = [local.arn.document] }
    ReadMachines  = { actions = ["states:DescribeStateMachine", "states:ListStateMachineVersions", "states:ListTagsForResource"], resources = [local.arn.machine] }
    ReadApis      = { actions = ["apigateway:GET"], resources = [local.arn.api, local.arn.api_tags] }
    ReadLogGroups = { actions = ["logs:DescribeMetricFilters", "logs:ListTagsForResource"], resources = [local.arn.lambda_logs, local.arn.vended_logs] }
    ReadAlarms    = { actions = ["cloudwatch:ListTagsForResource"], resources = [local.arn.alarm] }
    ReadDashboard = { actions = ["cloudwatch:GetDashboard"], resources = [local.arn.dashboard] }
    ReadKeys = {
      actions    = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
      resources  = [local.arn.key]
      conditions = local.tagged
    }
    # Lists of the account, and the check of a definition: AWS has no narrower form of these.
    ReadLists = {
      actions = [
        "cloudwatch:DescribeAlarms", "kms:ListAliases", "logs:DescribeLogGroups", "ssm:DescribeAssociation", "ssm:ListTagsForResource",
        "states:ValidateStateMachineDefinition",
      ]
      resources = ["*"]
    }
    },
    var.state.kms_key_arn == null ? {} : { DecryptState = { actions = ["kms:Decrypt"], resources = [var.state.kms_key_arn], conditions = {} } },
  )
}
