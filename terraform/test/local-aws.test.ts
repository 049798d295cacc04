/**
 * Applies environments/local and every example straight into the local AWS, with nothing between it and the provider, and runs what
 * Terraform made: its functions on the zips that it uploaded, its queues, rules and state machines, and its host.
 */
import { deployPlatform, deployWorkflow, readWorkflow } from '@baton/local-platform';
import { startServers } from '@baton/local-platform/testing';
import { cpSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeResources } from './described-resources.ts';
import { applyExample, type AppliedExample, type Given } from './applied-example.ts';
import { executionsOf, type Executions } from './executions.ts';
import { installed, publishNotifier } from './install-notifier.ts';
import { terraformFolder, terraformIn, type Terraform } from './terraform.ts';
import { missingNotifier, missingTerraform, missingZips, skipsBecause } from './toolchain.ts';
import { differencesOf, heldAgainst, type ListedDifference } from './twin-differences.ts';

const examplesFolder = join(terraformFolder, '../examples');
const exampleNames = readdirSync(examplesFolder);
const people = ['Ann', 'Ben', 'Cleo', 'Dora'];
const mailOf = (person: string): string => `${person.toLowerCase()}@example.com`;
const inputOf = (name: string): unknown => JSON.parse(readFileSync(join(examplesFolder, name, 'input.json'), 'utf8'));

describe.skipIf(skipsBecause(missingTerraform, missingZips, missingNotifier))(
  'environments/local on the local AWS',
  { timeout: 60_000 },
  () => {
    const scratch = mkdtempSync(join(tmpdir(), 'baton-local-aws-'));
    const state = `-state=${join(scratch, 'terraform.tfstate')}`;
    const common: string[] = [
      '-input=false',
      '-no-color',
      '-parallelism=30',
      '-var=host={image_id="ami-00000000000000000"}',
      state,
    ];
    let aws: LocalAws;
    let executions: Executions;
    let terraform: Terraform;
    let examples: AppliedExample[] = [];
    let partner: Awaited<ReturnType<typeof startServers>>;
    let instanceId: string;
    let installation: unknown;

    beforeAll(async () => {
      aws = createLocalAws({ iam: 'on' });
      executions = executionsOf(aws);
      const environment = {
        AWS_ENDPOINT_URL: await aws.listen(),
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-1',
      };
      partner = await startServers({
        folder: join(examplesFolder, 'webhook'),
        needs: { servers: { partner: { file: 'src/partner.ts' } } },
      });
      const given: Given = {
        approval: [`-var=approvers=${JSON.stringify(Object.fromEntries(people.map((name) => [name, mailOf(name)])))}`],
        webhook: [`-var=partner_url=${String(partner.variables['partner_url'])}`],
      };
      common.push(...(await publishNotifier(aws)));
      terraform = terraformIn('environments/local', environment);
      await terraform.must('init', '-backend=false', '-input=false');
      await terraform.must('apply', '-auto-approve', ...common);
      const printed = await terraform.must('output', '-json', state);
      const outputs = JSON.parse(printed) as {
        platform: { value: object };
        host_instance_id: { value: string };
      };
      instanceId = outputs.host_instance_id.value;
      const where = { scratch, environment, given };
      examples = await Promise.all(exampleNames.map((name) => applyExample(name, outputs.platform.value, where)));
      for (const mail of aws.sns.outbox) if (mail.confirmUrl !== undefined) await fetch(mail.confirmUrl);
      installation = await installed(aws, instanceId);
      const work = join(String(aws.hosts.get(instanceId)?.folder), 'var/lib/baton/work');
      for (const name of ['ec2-job', 'fan-out']) cpSync(join(examplesFolder, name), work, { recursive: true });
    }, 480_000);

    afterAll(async () => {
      terraform.dispose();
      examples.forEach((example) => example.dispose());
      partner.close();
      await aws.close();
      rmSync(scratch, { recursive: true, force: true });
    });

    const machine = (name: string): string => {
      const example = examples.find((applied) => applied.name === name);
      if (example === undefined) throw new Error(`there is no example ${name}`);
      return example.stateMachineArn;
    };
    const run = (name: string, input: unknown = inputOf(name)) => executions.run(machine(name), input);
    /** What the person's last mail invites to decide. */
    const linkOf = (person: string): string | undefined => {
      const mail = aws.sns.outbox.findLast(({ to }) => to === mailOf(person));
      return /https?:\/\/\S+\/approvals\/\S+/.exec(mail?.text ?? '')?.[0];
    };

    test('a second plan of the platform and of every example changes nothing', { timeout: 180_000 }, async () => {
      const plans = [
        terraform.run('plan', '-detailed-exitcode', ...common),
        ...examples.map((example) => example.plan()),
      ];
      for (const plan of await Promise.all(plans)) expect(plan.exitCode, plan.output).toBe(0);
    });

    test('the host installed the notifier by the install document, within its folder', () => {
      expect(installation).toMatchObject({ Status: 'Success' });
      const { folder = '' } = aws.hosts.get(instanceId) ?? {};
      expect(readlinkSync(join(folder, 'usr/local/bin/ec2-agent-notifier'))).toContain(join(folder, 'opt/baton'));
    });

    test('the twin that runs without Terraform differs in nothing but what is listed with its reason', async () => {
      const twin = createLocalAws();
      await twin.listen();
      const deployment = await deployPlatform(twin);
      for (const name of exampleNames) {
        await deployWorkflow(twin, deployment, readWorkflow(join(examplesFolder, name)), partner.variables);
      }
      const differences = differencesOf(await describeResources(aws), await describeResources(twin));
      await twin.close();
      const listed = JSON.parse(
        readFileSync(join(terraformFolder, 'test/twin-differences.json'), 'utf8'),
      ) as ListedDifference[];
      expect(heldAgainst(differences, listed)).toEqual({ unlisted: [], idle: [] });
    });

    test.each(['async-lambda', 'callback-notify', 'queue-worker', 'webhook'])('%s completes', async (name) => {
      expect(await run(name).ended).toMatchObject({ status: 'SUCCEEDED' });
    });

    test('ec2-job completes on the host that Terraform started', async () => {
      const command = ['./make-report.sh', '--rows', '2000'];
      expect(await run('ec2-job', { instanceId, command }).ended).toMatchObject({ status: 'SUCCEEDED' });
    });

    test('fan-out completes', async () => {
      const { shards } = inputOf('fan-out') as { shards: { shard: string }[] };
      const input = { shards: shards.map(({ shard }) => ({ shard, instanceId })) };
      expect(await run('fan-out', input).ended).toMatchObject({ status: 'SUCCEEDED' });
    });

    test('approval completes when two of three have decided on their pages', async () => {
      const { ended } = run('approval');
      for (const person of ['Ann', 'Cleo']) {
        const link = await executions.when(() => linkOf(person));
        const decided = await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approved' }) });
        expect(decided.status).toBe(200);
      }
      expect(await ended).toMatchObject({ status: 'SUCCEEDED', output: { decision: 'approved' } });
    });

    test('a message that its worker cannot take fails its task from the dead letters', async () => {
      // With less patience than deployed: five receives of a minute each are not worth waiting for.
      const { QueueUrl } = await aws.call('sqs:GetQueueUrl', { QueueName: 'baton-work-stock' });
      const attributes = await aws.call('sqs:GetQueueAttributes', { QueueUrl, AttributeNames: ['RedrivePolicy'] });
      const { RedrivePolicy = '{}' } = attributes['Attributes'] as Record<string, string>;
      const impatient = JSON.stringify({ ...(JSON.parse(RedrivePolicy) as object), maxReceiveCount: 1 });
      await aws.call('sqs:SetQueueAttributes', {
        QueueUrl,
        Attributes: { RedrivePolicy: impatient, VisibilityTimeout: '10' },
      });
      const ended = await run('queue-worker', { number: 2, trouble: { crashes: 'stock' } }).ended;
      expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.DeadLettered' });
    });

    test('a host that is terminated under its job fails the state at once', async () => {
      const { ended } = run('ec2-job', { instanceId, command: ['sleep', '600'] });
      await executions.called('execute-api', 'POST /callbacks/{callbackId}/claim');
      await aws.call('ec2:TerminateInstances', { InstanceIds: [instanceId] });
      expect(await ended).toMatchObject({ status: 'FAILED', error: 'Baton.HostLost' });
    });

    // Last: the tests above need what this one takes away.
    test('destroy leaves nothing behind', { timeout: 300_000 }, async () => {
      await Promise.all(examples.map((example) => example.destroy()));
      await terraform.must('destroy', '-auto-approve', ...common);
      const left = await Promise.all(
        Object.entries(LISTS).map(async ([action, member]) => {
          const found = (await aws.call(action as 'sqs:ListQueues', {}))[member] as unknown[] | undefined;
          return [action, found ?? []];
        }),
      );
      expect(left).toEqual(Object.keys(LISTS).map((action) => [action, []]));
    });
  },
);

/** What lists the resources of each service, and the member that it lists them in. */
const LISTS: Readonly<Record<string, string>> = {
  'apigateway:GetApis': 'Items',
  'cloudwatch:DescribeAlarms': 'MetricAlarms',
  'dynamodb:ListTables': 'TableNames',
  'events:ListRules': 'Rules',
  'iam:ListInstanceProfiles': 'InstanceProfiles',
  'iam:ListRoles': 'Roles',
  'kms:ListAliases': 'Aliases',
  'lambda:ListEventSourceMappings': 'EventSourceMappings',
  'lambda:ListFunctions': 'Functions',
  'logs:DescribeMetricFilters': 'metricFilters',
  'sns:ListSubscriptions': 'Subscriptions',
  'sns:ListTopics': 'Topics',
  'sqs:ListQueues': 'QueueUrls',
  'ssm:ListAssociations': 'Associations',
  'states:ListStateMachines': 'stateMachines',
};
