import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from './kernel/aws-error.ts';
import { createActivity, type Activity } from './kernel/clock/activity.ts';
import type { Clock } from './kernel/clock/clock.ts';
import { createManualClock, type ManualClock } from './kernel/clock/manual-clock.ts';
import { createRealClock } from './kernel/clock/real-clock.ts';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createDynamoDb } from './services/dynamodb/dynamodb.ts';
import { createEc2, type Ec2 } from './services/ec2/ec2.ts';
import { createEvents } from './services/events/events.ts';
import { createHttpApi } from './services/http-api/http-api.ts';
import { createAuthorize } from './services/iam/enforcement/authorize.ts';
import { createIam } from './services/iam/iam.ts';
import { createKms } from './services/kms/kms.ts';
import { createLambda, type Lambda } from './services/lambda/lambda.ts';
import { createLogs, type Logs } from './services/logs/logs.ts';
import { createObservers, type Observers } from './kernel/observers.ts';
import { createRouter } from './wire/router.ts';
import { createHttpServer, HOST } from './wire/server.ts';
import { verifySignature } from './wire/signature.ts';
import type { Call, Services, Steps } from './kernel/call.ts';
import { rootOf } from './kernel/caller.ts';
import type { ActionName, JsonObject, Service, ServiceId, World } from './kernel/service.ts';
import { createS3 } from './services/s3/s3.ts';
import { createSes, type Ses } from './services/ses/ses.ts';
import { createSns, type Sns } from './services/sns/sns.ts';
import { createSqs } from './services/sqs/sqs.ts';
import { createSsm, type Ssm } from './services/ssm/ssm.ts';
import type { StandIn } from './services/step-functions/run/integration-port.ts';
import { createStepFunctions } from './services/step-functions/step-functions.ts';
import { createSts } from './services/sts/sts.ts';
import { createWorld } from './kernel/world.ts';
import { createUnkindness } from './unkind/unkind.ts';

export interface LocalAwsOptions<C extends Clock = Clock> {
  /** `real` is the default. A manual clock starts at the machine's time and stands still until it is advanced. */
  readonly clock?: 'real' | 'manual' | ((activity: Activity) => C);
  /** Where functions and hosts keep their files. A folder that is given stays; the default is temporary. */
  readonly folder?: string;
  readonly accountId?: string;
  readonly region?: string;
  /** `on`: who calls needs leave by policies, as on AWS; only the account's root needs none. `off`, the default: everything passes. */
  readonly iam?: 'on' | 'off';
  /** How many closed executions, ended commands and mails are kept whole (1,000); README.md says what follows from it. */
  readonly retain?: number;
  /** A seed: as unkind as AWS, as the seed will have it (README.md). Kind where nothing is given. */
  readonly unkind?: number;
  /** What a call goes through before it acts; everything passes where nothing is given. `authorize` comes after IAM. */
  readonly steps?: Steps;
  /** For tests: stands in for the services that tasks of state machines call. */
  readonly standIn?: StandIn;
}

export type LocalAws<C extends Clock = Clock> = {
  readonly clock: C;
  readonly activity: Activity;
  readonly world: World;
  /** Calls an action as the account's root user, as clients with unknown keys do. @throws {AwsError} */
  call(action: ActionName, input: JsonObject): Promise<JsonObject>;
  /** Every action that there is, by service. */
  readonly services: Services;
  readonly observe: Observers['add'];
  /** The machines that commands run on. */
  readonly hosts: Ec2['hosts'];
  readonly lambda: Pick<Lambda, 'crash'>;
  /** What functions have printed. */
  readonly logs: Logs;
  readonly ses: Ses;
  readonly sns: Sns;
  readonly ssm: Ssm;
  /** Opens the loopback port (0, the default: any free one) and answers the base address. */
  listen(port?: number): Promise<string>;
  /** Ends the port, the timers, the threads and the processes. */
  close(): Promise<void>;
};

/** AWS, as far as a waiting task needs it, in this process. Usable by `call` at once, and over HTTP after `listen`. */
export function createLocalAws(options: LocalAwsOptions<ManualClock> & { clock: 'manual' }): LocalAws<ManualClock>;
export function createLocalAws<C extends Clock = Clock>(options?: LocalAwsOptions<C>): LocalAws<C>;
export function createLocalAws(options: LocalAwsOptions = {}): LocalAws {
  const { accountId = '123456789012', region = 'us-east-1', retain = 1_000, iam: enforced = 'off' } = options;
  const activity = createActivity();
  const observers = createObservers();
  const clock = createClock(options.clock ?? 'real', activity);
  const unkindness = options.unkind === undefined ? undefined : createUnkindness(options.unkind, clock);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'local-aws-'));
  mkdirSync(folder, { recursive: true });
  const discard = (): void => {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  if (options.folder === undefined) process.once('exit', discard);

  let address: string | undefined;
  const authorize = async (call: Call): Promise<void> => {
    if (enforced === 'on') byPolicies(call);
    await options.steps?.authorize?.(call);
  };
  const world = createWorld({
    clock,
    activity,
    observers,
    steps: {
      ...(unkindness && { throttle: unkindness.throttle }),
      ...options.steps,
      ...((enforced === 'on' || options.steps?.authorize) && { authorize }),
    },
    accountId,
    region,
    retain,
    folder,
    unkindness,
    isAllowed: (call) => enforced === 'off' || passes(() => byPolicies(call)),
    services: () => services,
    publish: (event) => events.publish(event),
    endpoint: () => address ?? `http://${HOST}`,
  });
  const root = rootOf(world);
  const iam = createIam(world);
  const byPolicies = createAuthorize(world, iam, (service) => services[service as ServiceId]?.resourceFacts);
  const logs = createLogs(world);
  const ec2 = createEc2(world, (profile) => iam.instanceProfiles.entities.get(profile)?.role);
  const ssm = createSsm(world, ec2.hosts);
  const sqs = createSqs(world);
  const ses = createSes(world);
  const sns = createSns(world);
  const lambda = createLambda(world, { logs, queues: sqs });
  const events = createEvents(world);
  const services = byId([
    createStepFunctions(world, options.standIn),
    lambda,
    sqs,
    ses,
    sns,
    events,
    createDynamoDb(world),
    createHttpApi(world, verifySignature, authorize),
    createKms(world),
    ssm,
    ec2,
    logs,
    createCloudWatch(world),
    createS3(world),
    createSts(world, (arn) => iam.roles.byArn(arn)),
    iam,
  ]);
  const server = createHttpServer(createRouter(world, services), unkindness?.breaks);

  return {
    clock,
    activity,
    world,
    call: (action, input) => world.call(root, action, input),
    services,
    observe: (observer) => observers.add(observer),
    hosts: ec2.hosts,
    lambda,
    logs,
    ses,
    sns,
    ssm,
    async listen(port = 0) {
      return (address = await server.listen(port));
    },
    async close() {
      if (address !== undefined) await server.close();
      for (const service of Object.values(services)) await service.close?.();
      clock.close?.();
      process.off('exit', discard);
      discard();
    },
  };
}

/** Whether nothing is refused. */
function passes(ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

const byId = (services: readonly Service[]): Services =>
  Object.fromEntries(services.map((service) => [service.id, service]));

function createClock(choice: NonNullable<LocalAwsOptions['clock']>, activity: Activity): Clock {
  if (typeof choice === 'function') return choice(activity);
  return choice === 'manual' ? createManualClock(Date.now(), activity) : createRealClock();
}
