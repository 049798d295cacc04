/**
 * A platform for one test or measurement: the built bundles on a local AWS of their own. Waiting is for events, never for a length of time.
 */
import { createLocalAws, type LocalAws, type LocalAwsOptions, type ManualClock } from '@baton/local-aws';
import { existsSync, mkdtempSync, rmSync, watch as watchFolder, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callbackRequest, type CallbackRequest } from '../callback-request.ts';
import { launchHost } from '../host.ts';
import { deployPlatform, type Deployment, type PlatformSettings } from '../platform.ts';
import { subscribeEmail } from '../resources.ts';
import { executionsOn, type Executions } from './executions.ts';
import { recordDecisions } from './record-decisions.ts';
import { createTestRoles } from './roles.ts';
import { watch, type Watch } from './watch.ts';
import { workersOn, type Workers } from './workers.ts';

export interface PlatformOptions {
  /** A manual clock moves by `advance` alone. */
  readonly clock?: 'real' | 'manual';
  /** `on`, the default: roles may do what their policies allow. */
  readonly iam?: 'on' | 'off';
  /** What calls go through: a test breaks some of them. */
  readonly steps?: NonNullable<LocalAwsOptions['steps']>;
  /** Approvers are asked by mail, out of SES's sandbox, from this address, which is verified. */
  readonly mail?: PlatformSettings['mail'];
  /** The seed of a local AWS that is as unkind as AWS. */
  readonly unkind?: number;
  /** E-mail addresses that get the notices to them. */
  readonly approvers?: readonly string[];
}

export interface TestPlatform extends Watch, Executions, Workers {
  readonly aws: LocalAws;
  readonly url: string;
  readonly deployment: Deployment;
  /** The folder in which the jobs of hosts run. */
  readonly hostFolder: string;
  launchHost(instanceId: string, options?: { readonly credentialSeconds?: number }): Promise<void>;
  /** Writes an executable into the folder of the hosts. */
  script(name: string, text: string): void;
  /** Resolves when a job has made this file in the folder of the hosts. */
  appeared(name: string): Promise<void>;
  /** Resolves with the first request to the completer's HTTP handler that fits, be it past or to come. */
  asked(verb: string, fits?: (request: CallbackRequest) => boolean): Promise<CallbackRequest>;
  /** Moves a manual clock on. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startPlatform({
  clock,
  iam = 'on',
  mail,
  approvers = [],
  ...options
}: PlatformOptions = {}): Promise<TestPlatform> {
  const aws: LocalAws =
    clock === 'manual' ? createLocalAws({ clock, iam, ...options }) : createLocalAws({ iam, ...options });
  const seen = watch(aws);
  recordDecisions(aws);
  const url = await aws.listen();
  const deployment = await deployPlatform(aws, mail === undefined ? {} : { mail });
  await createTestRoles(aws, deployment);
  if (mail !== undefined) await openMail(aws, mail.from);
  for (const email of approvers) {
    await subscribeEmail(aws, { topicArn: deployment.noticeTopicArn, email, onlyOwn: true });
  }
  const hostFolder = mkdtempSync(join(tmpdir(), 'host-'));
  return {
    ...seen,
    ...executionsOn(aws, seen, deployment),
    ...workersOn(aws, seen, deployment),
    aws,
    url,
    deployment,
    hostFolder,
    launchHost: (instanceId, options) =>
      launchHost(aws, { endpoint: deployment.endpoint, instanceId, folder: hostFolder, ...options }),
    script: (name, text) => writeFileSync(join(hostFolder, name), text, { mode: 0o755 }),
    appeared: (name) => appeared(hostFolder, name),
    asked: (verb, fits = () => true) =>
      seen.when(() => seen.calls.map(callbackRequest).find((request) => request?.verb === verb && fits(request))),
    advance: (milliseconds) => (aws.clock as ManualClock).advance(milliseconds),
    async close() {
      await aws.close();
      rmSync(hostFolder, { recursive: true, force: true });
    },
  };
}

/** Verifies the sender, and takes the account out of the sandbox. */
async function openMail(aws: LocalAws, from: string): Promise<void> {
  await aws.call('ses:CreateEmailIdentity', { EmailIdentity: /<(.+)>/.exec(from)?.[1] ?? from });
  await fetch(aws.ses.outbox.at(-1)?.verifyUrl ?? '');
  const details = { MailType: 'TRANSACTIONAL', WebsiteURL: 'https://example.com', ProductionAccessEnabled: true };
  await aws.call('ses:PutAccountDetails', details);
}

function appeared(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    };
    const watcher = watchFolder(folder, check);
    check();
  });
}
