/** The ports of Baton's operations over the simulated services, as one process has them: each call may go wrong. */
import {
  type CallbackId,
  callbackIdOf,
  type CommandObserver,
  type CommandSender,
  type DispatchPorts,
  type Hosts,
  type Log,
  type Millis,
  type ReconcilePorts,
  seconds,
  type StartAnswer,
  type TaskAnswer,
  type TaskToken,
} from '@baton/token-lib';
import { type Call, callService, type CallWorld, type Refusal, refusing } from './call.ts';
import type { Oracle } from './oracle.ts';
import type { Process } from './process.ts';
import type { SimulatedSsm } from './ssm.ts';
import type { StepFunctions } from './step-functions.ts';
import type { LaggingTable } from './table.ts';

/** What the operations of the completer and of the reconciler need, and the dispatcher's rows. */
export type Ports = ReconcilePorts &
  Pick<DispatchPorts, 'latestAttempts' | 'clock'> & { readonly sender: CommandSender; readonly call: CallPort };

export interface Services extends CallWorld {
  readonly table: LaggingTable;
  readonly stepFunctions: StepFunctions;
  readonly ssm: SimulatedSsm;
  /** EC2's word. */
  readonly stateOfHost: (instanceId: string) => string | undefined;
  readonly oracle: Oracle;
  /** Whether Step Functions takes no outcomes just now. */
  readonly isOut: () => boolean;
  /** The completions queue. */
  readonly remind: (callbackId: CallbackId, delay: Millis) => void;
  /** The piece of work that a callback is for. */
  readonly pieceOf: (callbackId: CallbackId) => string | undefined;
}

/** As apps/completer and apps/dispatcher set their clients: with the SDK's retries a call of the table takes no longer. */
const TIMEOUT: Millis = seconds(5);
/** A reminder is delayed by 15 minutes at most. */
const MAX_DELAY: Millis = seconds(900);

/** @param piece what the process is for, where it is for one piece of work */
export function portsOf(services: Services, caller: Process, piece?: string): Ports {
  const { time, pieceOf } = services;
  const call = <T>(
    what: string,
    about: CallbackId | undefined,
    effect: () => T | Promise<T>,
    refused: Call<T>['refused'] = refusing,
  ): Promise<T> => {
    const name = about === undefined ? piece : pieceOf(about);
    return callService(services, caller, { what, effect, refused, timeout: TIMEOUT }, name);
  };
  return {
    call,
    ...tablePorts(services, call),
    ...taskPorts(services, call),
    ...commandPorts(services, call),
    reminders: {
      remind: (callbackId, delay) =>
        call<StartAnswer>(
          'remind',
          callbackId,
          () => {
            services.remind(callbackId, Math.min(MAX_DELAY, Math.ceil(delay / 1000) * 1000));
            return { answer: 'started', receipt: 'reminder' };
          },
          (why) => ({ answer: 'again', why }),
        ),
    },
    pause: (duration) => caller.pause(duration),
    clock: () => time.now(),
    log: watchedLog(services),
  };
}

export type CallPort = <T>(
  what: string,
  about: CallbackId | undefined,
  effect: () => T | Promise<T>,
  refused?: Call<T>['refused'],
) => Promise<T>;

function tablePorts({ table }: Services, call: CallPort): Pick<Ports, 'store' | 'latestAttempts' | 'open'> {
  const { store, latestAttempts, open } = table;
  return {
    store: {
      insert: (row) => call('insert', row.callbackId, () => store.insert(row)),
      read: (callbackId) => call('read', callbackId, () => store.read(callbackId)),
      // In the row itself: no call.
      workOf: (row) => store.workOf(row),
      replace: (next) => call(`replace ${next.state}`, next.callbackId, () => store.replace(next)),
      recordLosingOutcome: (outcome) =>
        call('record losing outcome', outcome.callbackId, () => store.recordLosingOutcome(outcome)),
    },
    latestAttempts: {
      read: (workKey) => call('read latest attempt', undefined, () => latestAttempts.read(workKey)),
      replace: (next, read) => call('become latest attempt', next.callbackId, () => latestAttempts.replace(next, read)),
    },
    open: {
      due: (now, limit) => call('due', undefined, () => open.due(now, limit)),
      oldest: () => call('oldest', undefined, () => open.oldest()),
      ofExecution: (arn) => call('ofExecution', undefined, () => open.ofExecution(arn)),
      ofInstance: (id) => call('ofInstance', undefined, () => open.ofInstance(id)),
    },
  };
}

/** A throttle says that nothing was taken; of a lost answer nobody knows. */
const untaken = (why: Refusal): TaskAnswer =>
  why === 'ThrottlingException'
    ? { answer: 'transient', error: why, notTaken: true }
    : { answer: 'transient', error: why };

function taskPorts({ stepFunctions, isOut }: Services, call: CallPort): Pick<Ports, 'tasks' | 'executions'> {
  const idOf = (token: TaskToken): CallbackId => callbackIdOf(token);
  return {
    tasks: {
      completeTask: (token, outcome) =>
        call(
          'complete task',
          idOf(token),
          () => (isOut() ? untaken('ThrottlingException') : stepFunctions.complete(token, outcome)),
          untaken,
        ),
      heartbeat: (token) => call('heartbeat', idOf(token), () => stepFunctions.heartbeat(token), untaken),
    },
    executions: {
      fateOf: (_arn, token) =>
        call(
          'fate of',
          idOf(token),
          () => stepFunctions.fateOf(token),
          (why) => ({ fate: 'unknown', why }),
        ),
    },
  };
}

function commandPorts({ ssm, stateOfHost, table, oracle, pieceOf }: Services, call: CallPort) {
  const sender: CommandSender = {
    send: (command) =>
      call(
        'send command',
        command.callbackId,
        () => {
          if (!table.rows.has(command.callbackId))
            oracle.violated(
              'unhandled',
              pieceOf(command.callbackId) ?? '',
              'started before its callback was durable (L5)',
            );
          return ssm.send(command);
        },
        (why) => ({ answer: why === 'ThrottlingException' ? 'throttled' : 'unknown', why }),
      ),
    find: (callbackId) => call('find command', callbackId, () => ssm.find(callbackId)),
  };
  const observer: CommandObserver = {
    callbackIdOf: (commandId) => call('comment of', undefined, () => ssm.commandOf(commandId)?.callbackId),
    invocation: (commandId) => call('invocation', undefined, () => ssm.invocation(commandId)),
    cancel: (commandId) => call('cancel', undefined, () => ssm.cancel(commandId)),
  };
  const hosts: Hosts = { stateOf: (instanceId) => call('state of host', undefined, () => stateOfHost(instanceId)) };
  return { sender, observer, hosts };
}

function watchedLog({ oracle }: Services): Log {
  return (_level, message, facts) => {
    if (JSON.stringify([message, facts]).includes('TOKEN'))
      oracle.violated('unhandled', '', `a token is in the log (L3): ${message}`);
  };
}
