/**
 * Baton on the local AWS, created by the API calls that Terraform makes and from the same wiring files: the twin of
 * terraform/modules/platform.
 */
import type { LocalAws } from '@baton/local-aws';
import { createHash } from 'node:crypto';
import { zipBundle } from './bundle.ts';
import { createPlatformRoles } from './platform-roles.ts';
import { permitInvocation } from './roles.ts';
import { createFunction, createQueue, createTable, createTopic, mapQueue, queueArn } from './resources.ts';
import {
  names,
  readEvents,
  readFunctions,
  readQueues,
  readRoutes,
  readRunDocument,
  readTable,
  type Extra,
  type FunctionTable,
} from './wiring.ts';

export interface Deployment {
  /** Where hosts and workers reach the completer. */
  readonly endpoint: string;
  readonly dispatcherFunctionArn: string;
  readonly tableName: string;
  /** The topic of the notices to approvers. */
  readonly noticeTopicArn: string;
  /** Where workers send reports that need no answer. */
  readonly completionsQueueUrl: string;
  /** Takes the messages of dead-letter queues. */
  readonly queueFunctionArn: string;
  /** The on-failure destination of asynchronous functions that are workers. */
  readonly destinationFunctionArn: string;
  /** The ARN of the completer's API, as statements name it. */
  readonly apiExecutionArn: string;
}

export interface PlatformSettings {
  /** Approvers are asked by mail, from this address; by notices through a topic otherwise. */
  readonly mail?: { readonly from: string; readonly perSecond: number };
}

export async function deployPlatform(aws: LocalAws, { mail }: PlatformSettings = {}): Promise<Deployment> {
  const extras: Extra[] = mail === undefined ? [] : ['mail'];
  await createCallbackTable(aws);
  const queueUrls = await createQueues(aws, extras);
  await createLinkKey(aws);
  const noticeTopicArn = await createTopic(aws, names.noticeTopic);
  const { apiId, endpoint } = await createApi(aws);
  const apiExecutionArn = `arn:aws:execute-api:${aws.world.region}:${aws.world.accountId}:${apiId}`;
  const variables = {
    table_name: names.table,
    run_document_name: names.runDocument,
    account_id: aws.world.accountId,
    host_role_names: names.hostRole,
    worker_role_names: `${names.workerRole},${names.workRole('*')}`,
    completions_queue_arn: queueArn(aws, names.queue('completions')),
    link_key_ids: names.linkKeyAlias,
    notice_topic_arn: noticeTopicArn,
    loopback_webhooks: 'allow',
    webhook_allow: '127.0.0.0/8,::1',
    mail_from: mail?.from ?? 'none',
    mail_configuration_set: names.mailConfigurationSet,
    mails_per_second: String(mail?.perSecond ?? 1),
  } as const;
  const functions = readFunctions(variables, extras);
  if (mail !== undefined) await createMailSettings(aws);
  await createPlatformRoles(aws, { functions, noticeTopicArn, apiExecutionArn, mailFrom: mail?.from });
  const arns = await createFunctions(aws, functions, {
    endpoint,
    completions_queue_url: entryOf(queueUrls, 'completions'),
    mail_queue_url: queueUrls['mail'] ?? 'none',
  });
  await createRoutes(aws, apiId, { arns, apiExecutionArn });
  await aws.call('ssm:CreateDocument', {
    Name: names.runDocument,
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    Content: JSON.stringify(readRunDocument({ endpoint })),
  });
  await createRules(aws, arns, extras);
  return {
    endpoint,
    dispatcherFunctionArn: entryOf(arns, 'dispatcher'),
    tableName: names.table,
    noticeTopicArn,
    completionsQueueUrl: entryOf(queueUrls, 'completions'),
    queueFunctionArn: entryOf(arns, 'completer-queue'),
    destinationFunctionArn: entryOf(arns, 'completer-destinations'),
    apiExecutionArn,
  };
}

async function createCallbackTable(aws: LocalAws): Promise<void> {
  const { timeToLiveAttribute, ...table } = readTable();
  await createTable(aws, names.table, table);
  await aws.call('dynamodb:UpdateTimeToLive', {
    TableName: names.table,
    TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
  });
}

/** Creates the queues of the wiring, dead-letter queues first. @returns their URLs, by name */
async function createQueues(aws: LocalAws, extras: readonly Extra[]): Promise<Record<string, string>> {
  const urls: Record<string, string> = {};
  const queues = Object.entries(readQueues(extras)).toSorted(
    ([, a], [, b]) => Number(!!a.redrive) - Number(!!b.redrive),
  );
  for (const [name, { redrive, ...spec }] of queues) {
    urls[name] = await createQueue(aws, names.queue(name), {
      ...spec,
      ...(redrive && {
        redrive: {
          deadLetterQueueArn: queueArn(aws, names.queue(redrive.deadLetterQueue)),
          maxReceiveCount: redrive.maxReceiveCount,
        },
      }),
    });
  }
  return urls;
}

async function createLinkKey(aws: LocalAws): Promise<void> {
  const key = await aws.call('kms:CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const { KeyId: TargetKeyId } = key['KeyMetadata'] as { KeyId: string };
  await aws.call('kms:CreateAlias', { AliasName: names.linkKeyAlias, TargetKeyId });
}

/** The configuration set of mails, whose bounces and complaints go to EventBridge. */
async function createMailSettings(aws: LocalAws): Promise<void> {
  const ConfigurationSetName = names.mailConfigurationSet;
  await aws.call('ses:CreateConfigurationSet', { ConfigurationSetName });
  await aws.call('ses:CreateConfigurationSetEventDestination', {
    ConfigurationSetName,
    EventDestinationName: 'events',
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ['BOUNCE', 'COMPLAINT', 'REJECT'],
      EventBridgeDestination: {
        EventBusArn: `arn:aws:events:${aws.world.region}:${aws.world.accountId}:event-bus/default`,
      },
    },
  });
}

/** @returns the functions' ARNs, by their names in the wiring */
async function createFunctions(
  aws: LocalAws,
  functions: FunctionTable,
  known: { readonly endpoint: string; readonly completions_queue_url: string; readonly mail_queue_url: string },
): Promise<Record<string, string>> {
  const arns: Record<string, string> = {};
  for (const [name, { bundle, queues = [], environmentOnceDeployed = {}, ...spec }] of Object.entries(functions)) {
    const functionName = names.function(name);
    const late = Object.entries(environmentOnceDeployed).map(([variable, value]) => [variable, known[value]] as const);
    arns[name] = await createFunction(aws, functionName, {
      ...spec,
      roleName: names.role(name),
      zip: zipBundle(bundle),
      environment: { ...spec.environment, ...Object.fromEntries(late) },
    });
    for (const { queue, ...how } of queues) await mapQueue(aws, { ...how, queue: names.queue(queue), functionName });
  }
  return arns;
}

async function createApi(aws: LocalAws): Promise<{ apiId: string; endpoint: string }> {
  const api = await aws.call('apigateway:CreateApi', { Name: names.api, ProtocolType: 'HTTP' });
  return { apiId: String(api['ApiId']), endpoint: String(api['ApiEndpoint']) };
}

async function createRoutes(
  aws: LocalAws,
  ApiId: string,
  { arns, apiExecutionArn }: { readonly arns: Record<string, string>; readonly apiExecutionArn: string },
): Promise<void> {
  const integrations = new Map<string, string>();
  for (const route of readRoutes()) {
    let target = integrations.get(route.function);
    if (!target) {
      const integration = await aws.call('apigateway:CreateIntegration', {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: entryOf(arns, route.function),
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
    await permitInvocation(aws, {
      functionName: names.function(route.function),
      id: `route-${createHash('sha256').update(route.route).digest('hex').slice(0, 16)}`,
      service: 'apigateway.amazonaws.com',
      // "POST /a/{b}/c" of any stage: execution-arn/*/POST/a/*/c
      sourceArn: `${apiExecutionArn}/*/${route.route.replaceAll(' ', '').replace(/\{[^}]+\}/g, '*')}`,
    });
  }
  await aws.call('apigateway:CreateStage', { ApiId, StageName: '$default', AutoDeploy: true });
}

async function createRules(aws: LocalAws, arns: Record<string, string>, extras: readonly Extra[]): Promise<void> {
  const { region, accountId } = aws.world;
  const { rules, schedules } = readEvents(
    {
      run_document_name: names.runDocument,
      state_machine_arns: `arn:aws:states:${region}:${accountId}:stateMachine:*`,
      mail_configuration_set: names.mailConfigurationSet,
    },
    extras,
  );
  const put = async (name: string, rule: Record<string, unknown>, target: string): Promise<void> => {
    const Name = `baton-${name}`;
    const { RuleArn } = await aws.call('events:PutRule', { Name, State: 'ENABLED', ...rule });
    await permitInvocation(aws, {
      functionName: names.function(target),
      id: `rule-${name}`,
      service: 'events.amazonaws.com',
      sourceArn: String(RuleArn),
    });
    await aws.call('events:PutTargets', { Rule: Name, Targets: [{ Id: target, Arn: entryOf(arns, target) }] });
  };
  for (const [name, rule] of Object.entries(rules)) {
    await put(name, { EventPattern: JSON.stringify(rule.pattern) }, rule.function);
  }
  for (const [name, schedule] of Object.entries(schedules)) {
    await put(name, { ScheduleExpression: schedule.expression }, schedule.function);
  }
}

function entryOf(made: Readonly<Record<string, string>>, name: string): string {
  const entry = made[name];
  if (!entry) throw new Error(`the wiring names "${name}", which functions.json and queues.json do not have`);
  return entry;
}
