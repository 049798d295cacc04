/**
 * Applies environments/local to moto and reads back what is there: what Terraform deploys is what the wiring files say, which is
 * what the local platform runs.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packZip } from '../artifacts/zip.ts';
import { applyExample, type AppliedExample, type Given } from './applied-example.ts';
import { awsApi, type Answer, type AwsApi } from './aws-api.ts';
import { startMoto, type Moto } from './moto.ts';
import { terraformFolder, terraformIn, type Terraform } from './terraform.ts';
import { missingMoto, missingTerraform, missingZips, skipsBecause } from './toolchain.ts';
import { fill, readWiring, type Events, type FunctionEntry, type Queue, type Route } from './wiring.ts';

const names = { table: 'baton-callbacks', document: 'baton-run-job', role: 'baton-host' };
const account = '123456789012';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const aliasArn = (name: string) => arn('lambda', `function:baton-${name}:live`);

const functions = readWiring<Record<string, FunctionEntry>>('functions.json', {
  table_name: names.table,
  run_document_name: names.document,
  account_id: account,
  host_role_names: names.role,
  worker_role_names: 'baton-work-*',
  completions_queue_arn: arn('sqs', 'baton-completions'),
  link_key_ids: 'alias/baton-links-1',
  notice_topic_arn: arn('sns', 'baton-notices'),
  loopback_webhooks: 'allow',
  webhook_allow: '127.0.0.0/8',
});
const exampleNames = readdirSync(join(terraformFolder, '../examples'));

/** The instance and the look at the credentials' user are of environments/local alone; keys are made by a person; who one is may be asked by everybody. */
const ofNoRole = /^(ec2:\w+|iam:GetUser|kms:CreateKey|sts:GetCallerIdentity)$/;

/** What was asked and no role of the module github-oidc may ask. */
function notAllowed(asked: Iterable<string>, files: readonly string[]): string[] {
  const allowed = files.map((file) => readFileSync(join(terraformFolder, 'modules/github-oidc', file), 'utf8')).join();
  return [...asked].filter((operation) => !ofNoRole.test(operation) && !allowed.includes(`"${operation}"`));
}

/** moto has no redrive_allow_policy. */
const given: Given = {
  approval: ['-var=approvers={Ann="ann@example.com"}'],
  'callback-notify': ['-var=restrict_redrive=false'],
  'queue-worker': ['-var=restrict_redrive=false'],
  webhook: ['-var=partner_url=https://partner.example/jobs'],
};

const queues = readWiring<Record<string, Queue>>('queues.json');
const routes = readWiring<Route[]>('routes.json');
const events = readWiring<Events>('events.json', {
  run_document_name: names.document,
  state_machine_arns: arn('states', 'stateMachine:baton-*'),
});

describe.skipIf(skipsBecause(missingTerraform, missingMoto, missingZips))(
  'environments/local on moto',
  { timeout: 60_000 },
  () => {
    const scratch = mkdtempSync(join(tmpdir(), 'baton-apply-'));
    const state = `-state=${join(scratch, 'terraform.tfstate')}`;
    // The image is one of those that moto has.
    const common = ['-input=false', '-no-color', '-parallelism=30', '-var=host={image_id="ami-12c6146b"}', state];
    let moto: Moto;
    let terraform: Terraform;
    let aws: AwsApi;
    let outputs: Record<string, string>;
    let examples: AppliedExample[] = [];
    let askedByApply: string[] = [];

    beforeAll(async () => {
      moto = await startMoto();
      aws = awsApi(moto.endpoint);
      const environment = {
        AWS_ENDPOINT_URL: moto.endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-1',
      };
      terraform = terraformIn('environments/local', environment);
      await terraform.must('init', '-backend=false', '-input=false');
      await terraform.must('apply', '-auto-approve', ...common);
      const printed = JSON.parse(await terraform.must('output', '-json', state)) as Record<string, { value: string }>;
      outputs = Object.fromEntries(Object.entries(printed).map(([name, output]) => [name, output.value]));
      const { platform } = outputs as unknown as { platform: object };
      examples = await Promise.all(
        exampleNames.map((name) => applyExample(name, platform, { scratch, environment, given })),
      );
      askedByApply = [...moto.asked];
    }, 480_000);

    afterAll(async () => {
      terraform.dispose();
      examples.forEach((example) => example.dispose());
      await moto.stop();
      rmSync(scratch, { recursive: true, force: true });
    });

    test(
      'a second plan of the platform and of every example changes nothing, and the plan role suffices',
      { timeout: 180_000 },
      async () => {
        moto.asked.clear();
        const plans = [
          terraform.run('plan', '-detailed-exitcode', ...common),
          ...examples.map((example) => example.plan()),
        ];
        for (const plan of await Promise.all(plans)) expect(plan.exitCode, plan.output).toBe(0);
        expect(notAllowed(moto.asked, ['reads.tf'])).toEqual([]);
      },
    );

    test('new code changes the functions and where their aliases point, and nothing else', async () => {
      const file = join(scratch, 'new-code.plan');
      for (const bundle of new Set(Object.values(functions).map((entry) => entry.bundle))) {
        writeFileSync(join(scratch, `${bundle}.zip`), packZip({ 'main.mjs': Buffer.from('// new') }));
      }
      await terraform.must('plan', `-var=artifacts_folder=${scratch}`, `-out=${file}`, ...common);
      const plan = JSON.parse(await terraform.must('show', '-json', file)) as {
        resource_changes: { type: string; change: { actions: string[] } }[];
      };
      const changes = plan.resource_changes.map(({ type, change }) => `${change.actions.join(' and ')} ${type}`);
      const each = Object.keys(functions).flatMap(() => ['update aws_lambda_alias', 'update aws_lambda_function']);
      expect(changes.filter((change) => !/^(no-op|read) /.test(change)).sort()).toEqual(each.sort());
    });

    test.each(Object.entries(functions))('the function %s runs as the table of functions says', async (name, entry) => {
      const deployed = await aws.rest('lambda', `/2015-03-31/functions/baton-${name}/configuration?Qualifier=live`);
      expect(deployed).toMatchObject({
        Handler: entry.handler,
        MemorySize: entry.memoryMegabytes,
        Timeout: entry.timeoutSeconds,
        Runtime: 'nodejs22.x',
        Role: `arn:aws:iam::${account}:role/baton-${name}`,
        Environment: { Variables: { ...entry.environment, ...onceDeployed(entry) } },
      });
    });

    // This environment sends no mails.
    const onceDeployed = ({ environmentOnceDeployed = {} }: FunctionEntry) =>
      Object.fromEntries(
        Object.entries(environmentOnceDeployed).map(([name, of]) => [name, { mail_queue_url: 'none', ...outputs }[of]]),
      );

    test.each(Object.entries(queues))('the queue %s is the one of the wiring', async (name, queue) => {
      const { QueueUrl } = await aws.json('AmazonSQS.GetQueueUrl', { QueueName: `baton-${name}` });
      const { Attributes } = await aws.json('AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      const {
        VisibilityTimeout,
        MessageRetentionPeriod,
        RedrivePolicy = 'null',
      } = Attributes as Record<string, string>;
      expect([Number(VisibilityTimeout), Number(MessageRetentionPeriod)]).toEqual([
        queue.visibilityTimeoutSeconds,
        queue.messageRetentionSeconds,
      ]);
      const redrive = queue.redrive && {
        deadLetterTargetArn: arn('sqs', `baton-${queue.redrive.deadLetterQueue}`),
        maxReceiveCount: queue.redrive.maxReceiveCount,
      };
      expect(JSON.parse(RedrivePolicy)).toEqual(redrive ?? null);
    });

    test('each queue of a function is mapped to its alias, and bad messages come again one by one', async () => {
      const { EventSourceMappings } = await aws.rest('lambda', '/2015-03-31/event-source-mappings/');
      const wanted = Object.entries(functions).flatMap(([name, { queues: of = [] }]) =>
        of.map((source) => [arn('sqs', `baton-${source.queue}`), name, source.batchSize, ['ReportBatchItemFailures']]),
      );
      const found = (EventSourceMappings as Record<string, unknown>[]).map((mapping) => [
        mapping['EventSourceArn'],
        /function:baton-([a-z-]+)/.exec(String(mapping['FunctionArn']))?.[1],
        mapping['BatchSize'],
        mapping['FunctionResponseTypes'],
      ]);
      expect(found).toEqual(expect.arrayContaining(wanted));
    });

    test('the keys of links sign and verify, and nothing else', async () => {
      const { KeyMetadata } = await aws.json('TrentService.DescribeKey', { KeyId: 'alias/baton-links-1' });
      expect(KeyMetadata).toMatchObject({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    });

    test('the HTTP API has the routes of the wiring and no other, each invoking its function by the alias', async () => {
      const apis = (await aws.rest('apigateway', '/v2/apis'))['items'] as { apiId: string; name: string }[];
      expect(apis.map((api) => api.name)).toEqual(['baton']);
      const id = apis[0]!.apiId;
      const integrations = (await aws.rest('apigateway', `/v2/apis/${id}/integrations`))['items'] as Answer[];
      const invoked = new Map(
        integrations.map((of) => [`integrations/${String(of['integrationId'])}`, String(of['integrationUri'])]),
      );
      const deployed = (await aws.rest('apigateway', `/v2/apis/${id}/routes`))['items'] as Record<string, string>[];
      const found = deployed
        .map((route) => [route['routeKey'], route['authorizationType'], invoked.get(route['target']!)])
        .sort();
      const wanted = routes
        .map((route) => [
          route.route,
          route.authorization,
          expect.stringContaining(aliasArn(route.function)) as unknown,
        ])
        .sort();
      expect(found).toEqual(wanted);
    });

    test.each(Object.entries(events.rules))(
      'the rule %s has the pattern of the wiring, retries, dead letters',
      async (name, rule) => {
        const deployed = await aws.json('AWSEvents.DescribeRule', { Name: `baton-${name}` });
        expect(JSON.parse(String(deployed['EventPattern']))).toEqual(rule.pattern);
        const { Targets } = await aws.json('AWSEvents.ListTargetsByRule', { Rule: `baton-${name}` });
        expect(Targets).toEqual([
          expect.objectContaining({
            Arn: aliasArn(rule.function),
            DeadLetterConfig: { Arn: arn('sqs', 'baton-dead-letters') },
            RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
          }),
        ]);
      },
    );

    test.each(Object.entries(events.schedules))(
      'the schedule %s runs as often as the wiring says',
      async (name, schedule) => {
        const deployed = await aws.json('AWSEvents.DescribeRule', { Name: `baton-${name}` });
        expect(deployed['ScheduleExpression']).toBe(schedule.expression);
        const { Targets } = await aws.json('AWSEvents.ListTargetsByRule', { Rule: `baton-${name}` });
        expect(Targets).toEqual([expect.objectContaining({ Arn: aliasArn(schedule.function) })]);
      },
    );

    test('the table has the keys, indexes and TTL attribute of the wiring', async () => {
      interface Key {
        readonly name: string;
      }
      interface Keys {
        readonly partitionKey: Key;
        readonly sortKey: Key;
      }
      const wiring = readWiring<Keys & { indexes: Record<string, Keys>; timeToLiveAttribute: string }>('table.json');
      const keySchema = ({ partitionKey, sortKey }: Keys) => [
        { AttributeName: partitionKey.name, KeyType: 'HASH' },
        { AttributeName: sortKey.name, KeyType: 'RANGE' },
      ];
      const { Table } = await aws.json('DynamoDB_20120810.DescribeTable', { TableName: names.table });
      const indexes = Object.entries(wiring.indexes).map(([name, index]) => [name, keySchema(index), 'KEYS_ONLY']);
      expect(Table).toMatchObject({ KeySchema: keySchema(wiring) });
      interface Index {
        readonly IndexName: string;
        readonly KeySchema: unknown;
        readonly Projection: { readonly ProjectionType: string };
      }
      const deployed = (Table as { GlobalSecondaryIndexes: Index[] }).GlobalSecondaryIndexes;
      expect(
        deployed.map((index) => [index.IndexName, index.KeySchema, index.Projection.ProjectionType]).sort(),
      ).toEqual(indexes.sort());
      const { TimeToLiveDescription } = await aws.json('DynamoDB_20120810.DescribeTimeToLive', {
        TableName: names.table,
      });
      expect(TimeToLiveDescription).toEqual({ AttributeName: wiring.timeToLiveAttribute, TimeToLiveStatus: 'ENABLED' });
    });

    test('the SSM document is the one of the wiring, pointed at the API', async () => {
      expect(outputs['endpoint']).toMatch(/^https?:\/\/\S+$/);
      const deployed = await aws.json('AmazonSSM.GetDocument', { Name: names.document });
      expect(JSON.parse(String(deployed['Content']))).toEqual(
        readWiring('run-document.json', { endpoint: outputs['endpoint']! }),
      );
    });

    test.each(exampleNames)('the state machine of %s is its definition', async (name) => {
      const { stateMachineArn, template, variables } = examples.find((example) => example.name === name)!;
      const machine = await aws.json('AWSStepFunctions.DescribeStateMachine', { stateMachineArn });
      expect(JSON.parse(String(machine['definition']))).toEqual(JSON.parse(fill(template, variables)));
      if ('dispatcher_function_arn' in variables) {
        expect(variables['dispatcher_function_arn']).toBe(aliasArn('dispatcher'));
      }
      expect(machine).toMatchObject({ type: 'STANDARD', loggingConfiguration: { level: 'ERROR' } });
      expect(machine).not.toHaveProperty('loggingConfiguration.includeExecutionData', true);
    });

    test('an approver is told what is addressed to them alone', async () => {
      const subscriptions = await aws.query('sns', { Action: 'ListSubscriptions', Version: '2010-03-31' });
      const subscribed = /<SubscriptionArn>(arn:[^<]*baton-notices[^<]*)</.exec(subscriptions)?.[1] ?? 'none';
      const attributes = await aws.query('sns', {
        Action: 'GetSubscriptionAttributes',
        Version: '2010-03-31',
        SubscriptionArn: subscribed,
      });
      expect(attributes.replaceAll('&quot;', '"')).toContain('{"approver":["Ann"],"email":["ann@example.com"]}');
    });

    test('the roles of GitHub suffice for what an apply asks', () => {
      expect(notAllowed(askedByApply, ['reads.tf', 'writes.tf'])).toEqual([]);
    });

    test('the host has the tag that the dispatcher requires, the role that may report, and metadata for its own use', async () => {
      const instances = await aws.query('ec2', { Action: 'DescribeInstances', Version: '2016-11-15' });
      expect(instances).toContain(`<instanceId>${outputs['host_instance_id']}</instanceId>`);
      expect(instances.replace(/\s+/g, '')).toContain('<key>baton</key><value>baton</value>');
      expect(instances).toContain(`:instance-profile/${names.role}</arn>`);
      expect(instances).toContain('<httpTokens>required</httpTokens>');
    });

    test('every log group expires', async () => {
      const { logGroups } = await aws.json('Logs_20140328.DescribeLogGroups', {});
      const groups = logGroups as { logGroupName: string; retentionInDays?: number }[];
      expect(groups.map((group) => group.logGroupName)).toEqual(
        expect.arrayContaining([
          ...Object.keys(functions).map((name) => `/aws/lambda/baton-${name}`),
          '/aws/vendedlogs/apigateway/baton',
          ...exampleNames.map((name) => `/aws/vendedlogs/states/baton-${name}`),
        ]),
      );
      expect(groups.filter((group) => group.retentionInDays === undefined)).toEqual([]);
    });

    // Last: the tests above read what this one takes away.
    test('destroy leaves nothing', { timeout: 240_000 }, async () => {
      moto.asked.clear();
      await Promise.all(examples.map((example) => example.destroy()));
      await terraform.must('destroy', '-auto-approve', ...common);
      expect(notAllowed(moto.asked, ['reads.tf', 'writes.tf'])).toEqual([]);
      const left = await Promise.all([
        aws.rest('lambda', '/2015-03-31/functions').then((answer) => answer['Functions']),
        aws.rest('lambda', '/2015-03-31/event-source-mappings/').then((answer) => answer['EventSourceMappings']),
        aws.json('AWSEvents.ListRules', {}).then((answer) => answer['Rules']),
        aws.json('DynamoDB_20120810.ListTables', {}).then((answer) => answer['TableNames']),
        aws.json('Logs_20140328.DescribeLogGroups', {}).then((answer) => answer['logGroups']),
        aws.json('AmazonSQS.ListQueues', {}).then((answer) => answer['QueueUrls'] ?? []),
        aws.json('AWSStepFunctions.ListStateMachines', {}).then((answer) => answer['stateMachines']),
      ]);
      expect(left.flat()).toEqual([]);
    });
  },
);
