import type { JsonObject } from '../../kernel/service.ts';

const allow = (Action: readonly string[], Resource = '*'): JsonObject => ({ Effect: 'Allow', Action, Resource });
const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });

const LOG_EVENTS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The policies that AWS manages, as far as they are known here, by path and name. Attaching another one is refused.
 * [documented: AWS Managed Policy Reference Guide]
 */
export const AWS_MANAGED: Readonly<Record<string, JsonObject>> = {
  AdministratorAccess: policy(allow(['*'])),
  AmazonSSMManagedInstanceCore: policy(
    allow([
      'ssm:DescribeAssociation',
      'ssm:GetDeployablePatchSnapshotForInstance',
      'ssm:GetDocument',
      'ssm:DescribeDocument',
      'ssm:GetManifest',
      'ssm:GetParameter',
      'ssm:GetParameters',
      'ssm:ListAssociations',
      'ssm:ListInstanceAssociations',
      'ssm:PutInventory',
      'ssm:PutComplianceItems',
      'ssm:PutConfigurePackageResult',
      'ssm:UpdateAssociationStatus',
      'ssm:UpdateInstanceAssociationStatus',
      'ssm:UpdateInstanceInformation',
    ]),
    allow([
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]),
    allow([
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ]),
  ),
  'service-role/AWSLambdaBasicExecutionRole': policy(allow(LOG_EVENTS)),
  'service-role/AWSLambdaSQSQueueExecutionRole': policy(
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOG_EVENTS]),
  ),
  'service-role/AWSLambdaVPCAccessExecutionRole': policy(allow([...LOG_EVENTS, ...NETWORK_INTERFACES])),
  AWSXRayDaemonWriteAccess: policy(
    allow([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ]),
  ),
};
