# What an apply changes. Whoever may write roles and functions can make one that may do more: the reviewers of the GitHub environment are
# what stands before it, and permissions_boundary_arn behind it. No key is made here: who makes keys with tags may tag every key of the account, and
# a tag is how the platform's keys are told from others.

locals {
  state_writes = merge({
    WriteState = { actions = ["s3:PutObject"], resources = [local.arn.state] }
    LockState  = { actions = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], resources = [local.arn.lock] }
    }, var.state.kms_key_arn == null ? {} : {
    EncryptState = { actions = ["kms:GenerateDataKey"], resources = [var.state.kms_key_arn] }
  })

  # Apart from the rest, which alone nearly fills a policy.
  identity_writes = {
    # What a boundary bounds. IAM knows it in no other action on roles.
    BoundRoles = {
      actions    = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      resources  = [local.arn.role]
      conditions = { for arn in var.permissions_boundary_arn[*] : "iam:PermissionsBoundary" => arn }
    }
    WriteRoles = {
      actions   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
      resources = [local.arn.role]
    }
    # The first HTTP API of an account has API Gateway make its own role.
    LetApiGatewayAct = {
      actions    = ["iam:CreateServiceLinkedRole"]
      resources  = [local.arn.api_role]
      conditions = { "iam:AWSServiceName" = "ops.apigateway.amazonaws.com" }
    }
    PassRoles = {
      actions   = ["iam:PassRole"]
      resources = [local.arn.role]
    }
    WriteProfiles = {
      actions   = ["iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:UntagInstanceProfile"]
      resources = [local.arn.profile]
    }
    WritePolicies = {
      actions   = ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"]
      resources = [local.arn.policy]
    }
  }

  writes = {
    WriteTables = {
      actions = [
        "dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:TagResource", "dynamodb:UntagResource", "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive",
      ]
      resources = [local.arn.table]
    }
    WriteFunctions = {
      actions = [
        "lambda:AddPermission", "lambda:CreateAlias", "lambda:CreateFunction", "lambda:DeleteAlias", "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency", "lambda:DeleteFunctionEventInvokeConfig", "lambda:PublishVersion", "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig", "lambda:RemovePermission", "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionEventInvokeConfig",
      ]
      resources = [local.arn.function]
    }
    WriteMappings = {
      actions   = ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateEventSourceMapping"]
      resources = [local.arn.mapping, "*"] # A mapping that is made has no ARN yet.
    }
    WriteRules = {
      actions   = ["events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource"]
      resources = [local.arn.rule]
    }
    WriteQueues = {
      actions   = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"]
      resources = [local.arn.queue]
    }
    WriteTopics = {
      actions   = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetSubscriptionAttributes", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource"]
      resources = [local.arn.topic]
    }
    WriteDocuments = {
      actions   = ["ssm:AddTagsToResource", "ssm:CreateDocument", "ssm:DeleteDocument", "ssm:RemoveTagsFromResource", "ssm:UpdateDocument", "ssm:UpdateDocumentDefaultVersion"]
      resources = [local.arn.document]
    }
    WriteMachines = {
      actions   = ["states:CreateStateMachine", "states:DeleteStateMachine", "states:TagResource", "states:UntagResource", "states:UpdateStateMachine"]
      resources = [local.arn.machine]
    }
    WriteApis = {
      actions   = ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT", "apigateway:TagResource", "apigateway:UntagResource"]
      resources = [local.arn.apis, local.arn.api, local.arn.api_tags]
    }
    WriteLogGroups = {
      actions = [
        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteMetricFilter", "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey", "logs:PutMetricFilter", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
      ]
      resources = [local.arn.lambda_logs, local.arn.vended_logs]
    }
    WriteAlarms = {
      actions   = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"]
      resources = [local.arn.alarm]
    }
    WriteDashboard = {
      actions   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
      resources = [local.arn.dashboard]
    }
    WriteTaggedKeys = {
      actions = [
        "kms:CreateAlias", "kms:CreateGrant", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion",
        "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
      ]
      resources  = [local.arn.key]
      conditions = local.tagged
    }
    WriteAliases = {
      actions   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      resources = [local.arn.alias, local.arn.aliases]
    }
    # Lambda looks at the network of a function with its caller's rights, and EC2 has no resource for what it describes.
    PlaceFunctions = {
      actions   = ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"]
      resources = ["*"]
    }
    TagAssociations = {
      actions   = ["ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"]
      resources = [local.arn.association]
    }
    # Associations have ids for names, and the deliveries of access logs have no resource.
    WriteWithoutNames = {
      actions = [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
        "logs:PutResourcePolicy", "logs:UpdateLogDelivery", "ssm:CreateAssociation", "ssm:DeleteAssociation", "ssm:UpdateAssociation",
      ]
      resources = ["*"]
    }
  }
}
