/** The world of two attempts: fakes, and a gate at which each call waits until it is its turn. */
import {
  type DispatchPorts,
  type Millis,
  type ReconcilePorts,
  seconds,
  ssmStarter,
  type StartAnswer,
  type Started,
} from '@baton/token-lib';
import {
  fakeCommands,
  fakeHosts,
  fakeReminders,
  fakeStepFunctions,
  memoryTable,
  START,
} from '@baton/token-lib/testing';
import { InjectedError } from './call.ts';
import type { StepFault, Who } from './orders.ts';

export type ModelPorts = ReconcilePorts & DispatchPorts;

export interface Gate {
  /** Runs a function of Baton; undefined where it ended in the middle or threw. */
  invoke<T>(who: Who, work: (ports: ModelPorts) => Promise<T>): Promise<T | undefined>;
  /** Lets the next call through. Returns whether there was one. */
  step(who: Who): Promise<boolean>;
  readonly calls: Readonly<Record<Who, number>>;
  /** What was thrown and not injected. */
  readonly thrown: readonly string[];
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** What Baton says to a state machine or to a worker, on purpose. */
const REFUSALS = new Set(['Baton.Superseded', 'Baton.NotClaimHolder', 'Baton.DispatchFailed']);

/** A function lives no longer, and nobody waits longer for its answer. */
const FUNCTION_TIME: Millis = seconds(29);

type Call = <T>(effect: () => Promise<T>, refused?: () => T) => Promise<T>;

export function createModel(faults: readonly StepFault[]) {
  const table = memoryTable();
  const stepFunctions = fakeStepFunctions();
  const commands = fakeCommands();
  const clock = { now: START };
  const waiting = new Map<Who, () => void>();
  const calls: Record<Who, number> = { first: 0, second: 0 };
  const thrown: string[] = [];
  const fakes: Fakes = { table, stepFunctions, commands, clock };

  const callOf =
    (who: Who, endsAt: Millis, end: () => void): Call =>
    async (effect, refused = refuse) => {
      await new Promise<void>((resolve) => waiting.set(who, resolve));
      if (clock.now >= endsAt) {
        end();
        return new Promise(() => undefined);
      }
      const number = calls[who];
      calls[who] += 1;
      const fault = faults.find((one) => one.who === who && one.call === number)?.fault;
      if (fault === 'refused') return refused();
      const answer = await effect();
      if (fault === 'answer lost') return refused();
      if (fault !== 'ends') return answer;
      end();
      return new Promise(() => undefined);
    };

  const gate: Gate = {
    calls,
    thrown,
    invoke: (who, work) =>
      new Promise((resolve) => {
        const ports = portsOver(
          fakes,
          callOf(who, clock.now + FUNCTION_TIME, () => resolve(undefined)),
        );
        work(ports).then(resolve, (error: unknown) => {
          if (!(error instanceof InjectedError) && !(error instanceof Error && REFUSALS.has(error.name)))
            thrown.push(String(error));
          resolve(undefined);
        });
      }),
    async step(who) {
      await settled();
      const go = waiting.get(who);
      if (go === undefined) return false;
      waiting.delete(who);
      go();
      await settled();
      return true;
    },
  };
  return { table, stepFunctions, commands, clock, gate, ports: portsOver(fakes, (effect) => effect()) };
}

interface Fakes {
  readonly table: ReturnType<typeof memoryTable>;
  readonly stepFunctions: ReturnType<typeof fakeStepFunctions>;
  readonly commands: ReturnType<typeof fakeCommands>;
  readonly clock: { now: Millis };
}

const refuse = (): never => {
  throw new InjectedError('refused');
};
const again: StartAnswer = { answer: 'again', why: 'refused' };
const transient = { answer: 'transient', error: 'refused' } as const;
const notModelled = async (): Promise<Started> => ({ answer: 'failed', code: 'DispatchFailed', why: 'not modelled' });

function portsOver({ table, stepFunctions, commands, clock }: Fakes, call: Call): ModelPorts {
  const { store, latestAttempts, open } = table;
  const { tasks, executions } = stepFunctions;
  const { sender, observer } = commands;
  const { hosts } = fakeHosts();
  const pause = async (duration: Millis): Promise<void> => void (clock.now += duration);
  const sending: typeof sender = {
    send: (command) =>
      call(
        () => sender.send(command),
        () => ({ answer: 'unknown', why: 'refused' }),
      ),
    find: (callbackId, since) => call(() => sender.find(callbackId, since)),
  };
  return {
    store: {
      insert: (row) => call(() => store.insert(row)),
      read: (callbackId) => call(() => store.read(callbackId)),
      workOf: (row) => store.workOf(row),
      replace: (next) => call(() => store.replace(next)),
      recordLosingOutcome: (outcome) => call(() => store.recordLosingOutcome(outcome)),
    },
    latestAttempts: {
      read: (workKey) => call(() => latestAttempts.read(workKey)),
      replace: (next, read) => call(() => latestAttempts.replace(next, read)),
    },
    open,
    hosts: { stateOf: (instanceId) => call(() => hosts.stateOf(instanceId)) },
    tasks: {
      completeTask: (token, outcome) =>
        call(
          () => tasks.completeTask(token, outcome),
          () => transient,
        ),
      heartbeat: (token) =>
        call(
          () => tasks.heartbeat(token),
          () => transient,
        ),
    },
    executions: {
      fateOf: (arn, token) =>
        call(
          () => executions.fateOf(arn, token),
          () => ({ fate: 'unknown', why: '' }),
        ),
    },
    observer,
    sender: sending,
    reminders: {
      remind: (id, delay) =>
        call(
          () => fakeReminders().remind(id, delay),
          () => again,
        ),
    },
    starters: {
      ssm: ssmStarter({ commands: sending, pause }),
      queue: notModelled,
      lambda: notModelled,
      approval: notModelled,
      webhook: notModelled,
    },
    clock: () => clock.now,
    pause,
    log: () => undefined,
  };
}
