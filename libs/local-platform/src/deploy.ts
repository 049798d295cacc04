/**
 * Baton on the local AWS, made with the same API calls that Terraform makes and from the same wiring files: the twin of
 * terraform/modules/platform.
 */
import type { LocalAws } from '@baton/local-aws';
import { zipBundle } from './bundle.ts';
import { deployQueues, type DeployedQueues } from './deploy-queues.ts';
import { names } from './names.ts';
import { readEvents, readFunctions, readRoutes, readRunDocument, readTable, type FunctionTable } from './wiring.ts';

export interface Deployment {
  /** Where hosts and workers reach the completer. */
  readonly endpoint: string;
  readonly dispatcherFunctionArn: string;
  readonly tableName: string;
  /** Where approvers are told of their questions. */
  readonly noticeTopicArn: string;
  /** Where workers send reports that need no answer. */
  readonly completionsQueueUrl: string;
  /** Takes the messages of dead-letter queues. */
  readonly queueFunctionArn: string;
  /** The on-failure destination of asynchronous functions that are workers. */
  readonly destinationFunctionArn: string;
}

export async function deployPlatform(aws: LocalAws): Promise<Deployment> {
  await createTable(aws);
  const queues = await deployQueues(aws);
  await createLinkKey(aws);
  const noticeTopicArn = await createNoticeTopic(aws);
  const { apiId, endpoint } = await createApi(aws);
  const functions = readFunctions({
    table_name: names.table,
    run_document_name: names.runDocument,
    account_id: aws.world.accountId,
    host_role_names: names.hostRole,
    worker_role_names: names.workerRole,
    completions_queue_arn: queues.arn('completions'),
    link_key_ids: names.linkKeyAlias,
    notice_topic_arn: noticeTopicArn,
    loopback_webhooks: 'allow',
  });
  const arns = await createFunctions(aws, functions, { endpoint });
  await mapQueues(aws, functions, queues);
  await createRoutes(aws, apiId, arns);
  await aws.call('ssm:CreateDocument', {
    Name: names.runDocument,
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    Content: JSON.stringify(readRunDocument({ endpoint })),
  });
  await createRules(aws, arns);
  return {
    endpoint,
    dispatcherFunctionArn: arnOf(arns, 'dispatcher'),
    tableName: names.table,
    noticeTopicArn,
    completionsQueueUrl: queues.url('completions'),
    queueFunctionArn: arnOf(arns, 'completer-queue'),
    destinationFunctionArn: arnOf(arns, 'completer-destinations'),
  };
}

async function createTable(aws: LocalAws): Promise<void> {
  const table = readTable();
  const keys = (of: { partitionKey: { name: string }; sortKey: { name: string } }) => [
    { AttributeName: of.partitionKey.name, KeyType: 'HASH' },
    { AttributeName: of.sortKey.name, KeyType: 'RANGE' },
  ];
  const attributes = [table, ...Object.values(table.indexes)].flatMap((of) => [of.partitionKey, of.sortKey]);
  await aws.call('dynamodb:CreateTable', {
    TableName: names.table,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keys(table),
    AttributeDefinitions: [...new Map(attributes.map((key) => [key.name, key])).values()].map((key) => ({
      AttributeName: key.name,
      AttributeType: key.type,
    })),
    GlobalSecondaryIndexes: Object.entries(table.indexes).map(([name, index]) => ({
      IndexName: name,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  });
  await aws.call('dynamodb:UpdateTimeToLive', {
    TableName: names.table,
    TimeToLiveSpecification: { AttributeName: table.timeToLiveAttribute, Enabled: true },
  });
}

async function createLinkKey(aws: LocalAws): Promise<void> {
  const key = await aws.call('kms:CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const { KeyId: TargetKeyId } = key['KeyMetadata'] as { KeyId: string };
  await aws.call('kms:CreateAlias', { AliasName: names.linkKeyAlias, TargetKeyId });
}

const createNoticeTopic = async (aws: LocalAws): Promise<string> =>
  String((await aws.call('sns:CreateTopic', { Name: names.noticeTopic }))['TopicArn']);

async function createFunctions(
  aws: LocalAws,
  functions: FunctionTable,
  known: { readonly endpoint: string },
): Promise<Record<string, string>> {
  const arns: Record<string, string> = {};
  for (const [name, spec] of Object.entries(functions)) {
    const created = await aws.call('lambda:CreateFunction', {
      FunctionName: names.function(name),
      Runtime: 'nodejs22.x',
      Role: `arn:aws:iam::${aws.world.accountId}:role/${names.role(name)}`,
      Handler: spec.handler,
      Code: { ZipFile: zipBundle(spec.bundle) },
      MemorySize: spec.memoryMegabytes,
      Timeout: spec.timeoutSeconds,
      Environment: { Variables: { ...spec.environment, ...onceDeployed(spec, known) } },
    });
    arns[name] = String(created['FunctionArn']);
  }
  return arns;
}

const onceDeployed = ({ environmentOnceDeployed = {} }: FunctionTable[string], known: { readonly endpoint: string }) =>
  Object.fromEntries(Object.entries(environmentOnceDeployed).map(([name, value]) => [name, known[value]]));

async function mapQueues(aws: LocalAws, functions: FunctionTable, deployed: DeployedQueues): Promise<void> {
  for (const [name, { queues = [] }] of Object.entries(functions)) {
    for (const { queue, batchSize } of queues) {
      await aws.call('lambda:CreateEventSourceMapping', {
        FunctionName: names.function(name),
        EventSourceArn: deployed.arn(queue),
        BatchSize: batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    }
  }
}

async function createApi(aws: LocalAws): Promise<{ apiId: string; endpoint: string }> {
  const api = await aws.call('apigateway:CreateApi', { Name: names.api, ProtocolType: 'HTTP' });
  return { apiId: String(api['ApiId']), endpoint: String(api['ApiEndpoint']) };
}

async function createRoutes(aws: LocalAws, ApiId: string, arns: Record<string, string>): Promise<void> {
  const integrations = new Map<string, string>();
  for (const route of readRoutes()) {
    let target = integrations.get(route.function);
    if (!target) {
      const integration = await aws.call('apigateway:CreateIntegration', {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf(arns, route.function),
        PayloadFormatVersion: '2.0',
      });
      target = `integrations/${String(integration['IntegrationId'])}`;
      integrations.set(route.function, target);
    }
    await aws.call('apigateway:CreateRoute', {
      ApiId,
      RouteKey: route.route,
      Target: target,
      AuthorizationType: route.authorization,
    });
  }
  await aws.call('apigateway:CreateStage', { ApiId, StageName: '$default', AutoDeploy: true });
}

async function createRules(aws: LocalAws, arns: Record<string, string>): Promise<void> {
  const { rules, schedules } = readEvents({
    run_document_name: names.runDocument,
    state_machine_arns: `arn:aws:states:${aws.world.region}:${aws.world.accountId}:stateMachine:*`,
  });
  const put = async (name: string, rule: Record<string, unknown>, target: string): Promise<void> => {
    const Name = `baton-${name}`;
    await aws.call('events:PutRule', { Name, State: 'ENABLED', ...rule });
    await aws.call('events:PutTargets', { Rule: Name, Targets: [{ Id: target, Arn: arnOf(arns, target) }] });
  };
  for (const [name, rule] of Object.entries(rules)) {
    await put(name, { EventPattern: JSON.stringify(rule.pattern) }, rule.function);
  }
  for (const [name, schedule] of Object.entries(schedules)) {
    await put(name, { ScheduleExpression: schedule.expression }, schedule.function);
  }
}

function arnOf(arns: Record<string, string>, name: string): string {
  const arn = arns[name];
  if (!arn) throw new Error(`the wiring names the function "${name}", which functions.json does not have`);
  return arn;
}
