/** What the console of `baton local` lets people break and move. */
import type { Fault, HostVerb, LocalControls } from '@baton/console';
import {
  type Activity,
  AwsError,
  type Clock,
  createRealClock,
  type LocalAws,
  type LocalAwsOptions,
} from '@baton/local-aws';

type Steps = NonNullable<LocalAwsOptions['steps']>;

const DELAY_MILLIS = 3_000;

export interface Faults {
  /** For the local AWS, which every call goes through. */
  readonly steps: Steps;
  readonly set: (faults: readonly Fault[]) => void;
  readonly list: () => readonly Fault[];
}

/** Calls of the console itself are not broken: it has to show what is. */
export const CONSOLE_KEY = 'console';

export function createFaults(): Faults {
  let faults: readonly Fault[] = [];
  const kindOf = (service: string, action: string): Fault['kind'] | undefined =>
    faults.find(({ action: named }) => named === `${service}:${action}` || named === `${service}:*`)?.kind;
  return {
    set: (next) => void (faults = next),
    list: () => faults,
    steps: {
      throttle({ service, action }) {
        if (kindOf(service, action) === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded');
      },
      async fault({ service, action }, act) {
        const kind = kindOf(service, action);
        if (kind === 'delay') await new Promise((resolve) => setTimeout(resolve, DELAY_MILLIS));
        const output = await act();
        if (kind === 'drop') throw new AwsError('InternalFailure', 'The response was lost.');
        return output;
      },
    },
  };
}

/** The machine's time, and as much more as somebody has moved it on. */
export interface MovedClock extends Clock {
  readonly ahead: () => number;
  advance(milliseconds: number): Promise<void>;
}

/** Moves on in steps, so that what a timer starts comes to rest before a later one fires. */
export function createMovedClock(activity: Activity): MovedClock {
  const real = createRealClock();
  const waiting = new Set<{ readonly time: number; fired: boolean; arm: () => void }>();
  let ahead = 0;
  const now = (): number => real.now() + ahead;
  return {
    now,
    ahead: () => ahead,
    at(time, fire) {
      let timer = { cancel: () => {} };
      const entry = {
        time,
        fired: false,
        arm() {
          timer.cancel();
          timer = real.at(time - ahead, () => {
            entry.fired = true;
            waiting.delete(entry);
            fire();
          });
        },
      };
      waiting.add(entry);
      entry.arm();
      return {
        cancel() {
          waiting.delete(entry);
          timer.cancel();
        },
      };
    },
    async advance(milliseconds) {
      const until = now() + milliseconds;
      for (;;) {
        const next = Math.min(until, ...[...waiting].map(({ time }) => time));
        ahead += Math.max(0, next - now());
        for (const entry of [...waiting]) entry.arm();
        await new Promise((resolve) => setTimeout(resolve, 1));
        await activity.idle();
        if (next >= until || now() >= until) return;
      }
    },
    close: () => real.close(),
  };
}

export function localControls(aws: LocalAws<MovedClock>, faults: Faults): LocalControls {
  return {
    look: () => ({
      now: aws.clock.now(),
      ahead: aws.clock.ahead(),
      mails: aws.sns.outbox
        .slice(-100)
        .toReversed()
        .map(({ to, subject, text, at }) => ({ to, subject, text, at })),
      hosts: aws.hosts
        .list()
        .map(({ instanceId, state, connected, bootId }) => ({ instanceId, state, isConnected: connected, bootId })),
      faults: faults.list(),
    }),
    host: (instanceId, verb) => changeHost(aws, instanceId, verb),
    advance: (milliseconds) => aws.clock.advance(milliseconds),
    fault: faults.set,
  };
}

async function changeHost({ hosts }: LocalAws, instanceId: string, verb: HostVerb): Promise<void> {
  const host = hosts.get(instanceId);
  if (host === undefined) throw new Error(`there is no host ${instanceId}`);
  switch (verb) {
    case 'kill':
      return hosts.kill(instanceId);
    case 'terminate':
      return hosts.terminate(instanceId);
    case 'reboot':
      return hosts.reboot(instanceId);
    case 'lose-network':
      host.connected = false;
      return;
    case 'restore-network':
      host.connected = host.state === 'running';
      return;
  }
}
