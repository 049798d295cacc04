/** What befalls a host, with real signals to real processes. */
import { AwsError, type LocalAws } from '@baton/local-aws';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { programsOf, send, type Program } from './host-programs.ts';
import type { Line, LineState } from './line.ts';
import type { HostMisfortune, Misfortune } from './plan.ts';

const TEN_MINUTES_MS = 600_000;
/** An operating system that shuts down ends its services within seconds. */
const LONGEST_SHUTDOWN_MS = 5_000;

export interface BefallWorld {
  readonly aws: LocalAws;
  readonly instanceId: string;
  readonly line: Line;
  /** Holds by how many milliseconds the host's clock is ahead. */
  readonly dateFile: string;
  /** Whether a supervisor outlives a notifier that is killed. */
  readonly supervised: boolean;
}

type Act = (world: BefallWorld, milliseconds: number) => void | Promise<void>;

const ACTS: Record<HostMisfortune, Act> = {
  'the notifier is killed'(world) {
    if (!world.supervised) signal(world, 'supervise', 'SIGKILL');
    signal(world, 'run', 'SIGKILL');
  },
  'the process group is killed': (world) => signalGroup(world, 'SIGKILL'),
  async 'the notifier is frozen'(world, milliseconds) {
    signal(world, 'run', 'SIGSTOP');
    await setTimeout(milliseconds);
    signal(world, 'run', 'SIGCONT');
  },
  async 'the process group is frozen'(world, milliseconds) {
    signalGroup(world, 'SIGSTOP');
    await setTimeout(milliseconds);
    signalGroup(world, 'SIGCONT');
  },
  'the supervisor is killed': (world) => signal(world, 'supervise', 'SIGKILL'),
  'its connections are cut': broken('cut'),
  'its connections are silent': broken('silent'),
  'no answers reach it': broken('answerless'),
  'its connections are slow': broken('slow'),
  'its clock goes ten minutes forward': ({ dateFile }) => writeFileSync(dateFile, String(TEN_MINUTES_MS)),
  'its clock goes ten minutes back': ({ dateFile }) => writeFileSync(dateFile, String(-TEN_MINUTES_MS)),
  'it is rebooted': ({ aws, instanceId }) => aws.hosts.reboot(instanceId),
  'it is stopping, then stopped': stop,
  'it is terminated': ({ aws, instanceId }) => aws.hosts.terminate(instanceId),
  'it is lost, unknown to EC2': ({ aws, instanceId }) => aws.hosts.kill(instanceId, { unnoticed: true }),
};

/** Resolves when it is over, as far as it ends. */
export async function befall(world: BefallWorld, { what, for: milliseconds }: Misfortune): Promise<void> {
  try {
    if (isUp(world)) await ACTS[what](world, milliseconds);
  } catch (error) {
    // Something else has befallen the host meanwhile.
    if (!(error instanceof AwsError && error.code === 'IncorrectInstanceState')) throw error;
  }
}

/** Nothing is frozen, cut off or wrong any more. */
export function heal(world: BefallWorld): void {
  world.line.enter('open');
  writeFileSync(world.dateFile, '0');
  signalGroup(world, 'SIGCONT');
}

const isUp = ({ aws, instanceId }: BefallWorld): boolean => aws.hosts.get(instanceId)?.state === 'running';

function signal({ line }: BefallWorld, program: Program, name: NodeJS.Signals): void {
  for (const pid of programsOf(line.port, program)) send(pid, name);
}

/** A notifier leads the process group that its job is in. */
function signalGroup({ line }: BefallWorld, name: NodeJS.Signals): void {
  for (const pid of programsOf(line.port, 'run')) send(-pid, name);
}

function broken(state: LineState): Act {
  return async ({ line }, milliseconds) => {
    line.enter(state);
    await setTimeout(milliseconds);
    line.enter('open');
  };
}

/** EC2 says `stopping` while the host still shuts down, with its jobs at work. */
async function stop(world: BefallWorld, milliseconds: number): Promise<void> {
  const { aws, instanceId } = world;
  aws.world.publish({
    source: 'aws.ec2',
    'detail-type': 'EC2 Instance State-change Notification',
    resources: [`arn:aws:ec2:${aws.world.region}:${aws.world.accountId}:instance/${instanceId}`],
    detail: { 'instance-id': instanceId, state: 'stopping' },
  });
  await setTimeout(Math.min(milliseconds, LONGEST_SHUTDOWN_MS));
  await aws.hosts.stop(instanceId);
  await setTimeout(milliseconds);
  await aws.hosts.start(instanceId);
}
