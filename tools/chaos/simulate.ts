/** One run: pieces of work are begun, things go wrong now and then, and when all is quiet the oracle says what it saw. */
import { fakeMac } from '@baton/token-lib/testing';
import { callbackIdOf, type CallbackId, failure, type LinkKeys, type Millis, seconds } from '@baton/token-lib';
import { type Chance, seededChance } from './chance.ts';
import { type Completer, completer } from './completer.ts';
import { eventBus } from './event-bus.ts';
import type { Faults } from './faults.ts';
import { type Fleet, simulateFleet } from './fleet.ts';
import type { Host } from './host.ts';
import type { NotifierWorld } from './host-client.ts';
import { recover, recoverDead, runNotifier } from './notifier.ts';
import { START } from './options.ts';
import { type Oracle, watch } from './oracle.ts';
import type { Services } from './ports.ts';
import { simulateQueue } from './queue.ts';
import { simulateSsm } from './ssm.ts';
import { startersOf } from './starters.ts';
import { simulatePeople } from './people.ts';
import { type QueuedReport, simulateWorkers } from './workers.ts';
import { type Attempt, type Execution, simulateStepFunctions, type StepFunctions } from './step-functions.ts';
import { laggingTable } from './table.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

export interface Simulation {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly oracle: Oracle;
  readonly stepFunctions: StepFunctions;
  readonly services: Services;
  readonly fleet: Fleet;
  /** The host of an attempt, where it has one. */
  hostOf(execution: Execution): Host | undefined;
  piecesOn(host: Host): Iterable<string>;
  /** The agent was wrong: the program goes on. */
  callFailed(execution: Execution): void;
  /** An operator gives up the newest attempt. */
  settleByHand(execution: Execution): void;
  /** Callbacks that are not closed. */
  open(): readonly string[];
  /** Whether nothing is under way any more. */
  isQuiet(): boolean;
}

/** A report, or a reminder of a callback. */
type Message = CallbackId | QueuedReport;

/** The visibility timeout and the receives of the completions queue, as wiring/queues.json has them. */
const COMPLETIONS = { visibility: seconds(180), maxReceives: 5 };
const FLEET = 40;

/** A time in which Step Functions throttles every outcome, and takes heartbeats. */
export interface Outage {
  readonly from: Millis;
  readonly to: Millis;
}

export interface Watching {
  readonly follow?: Follow | undefined;
  readonly outages?: readonly Outage[];
  /** No event of EventBridge arrives. */
  readonly deaf?: boolean;
  /** Others report in a worker's name. */
  readonly intruders?: boolean;
}

export type Follow = (pieceName: string, at: Millis, what: string) => void;

export function createSimulation(
  seed: number,
  faults: (chance: Chance) => Faults,
  { follow = () => undefined, outages = [], intruders = false, deaf = false }: Watching = {},
): Simulation {
  const time = virtualTime(START);
  const chance = seededChance(seed);
  const oracle = watch(time.now, follow);
  const attempts = new Map<CallbackId, Attempt>();
  const places = new Map<Attempt, Host>();
  const world = { time, chance, faults: faults(seededChance(seed + 0x5eed)), touch: oracle.touch, note: oracle.note };
  const publish = deaf ? () => undefined : eventBus(world);
  const isOut = (): boolean => outages.some(({ from, to }) => time.now() >= from && time.now() < to);
  const table = laggingTable(time, chance, () => world.faults.at('index', ['slow']) !== undefined);

  const stepFunctions = simulateStepFunctions({
    time,
    chance,
    oracle,
    async dispatch(attempt) {
      const host = fleet.pick();
      places.set(attempt, host);
      attempts.set(callbackIdOf(attempt.token), attempt);
      const work = attempt.piece.work(host.instanceId);
      const deliver = () => baton.dispatch(attempt, work);
      if (world.faults.at('delivery of dispatch', ['duplicated']) !== undefined)
        time.after(chance.between(1, seconds(60)), () => void deliver());
      const invoked = await deliver();
      if (invoked.end === 'crashed') throw Object.assign(new Error(), { name: 'Lambda.Unknown' });
      if (invoked.end === 'threw') throw invoked.error;
    },
    ended: ({ arn }, at) => publish('execution ended', () => baton.executionEnded(arn, at)),
  });
  const ssm = simulateSsm({
    time,
    chance,
    isConnected: (instanceId) => fleet.hostOf(instanceId)?.lives() ?? false,
    deliver(command) {
      const host = fleet.hostOf(command.instanceId);
      if (host?.lives() === false) oracle.touch(pieceOf(command.callbackId));
      host?.deliver(command);
    },
    cancel: (command) => fleet.hostOf(command.instanceId)?.cancel(command),
    ended: ({ commandId, status }, at) => publish('command ended', () => baton.commandEnded(commandId, status, at)),
  });
  const completions = simulateQueue<Message>(world, {
    ...COMPLETIONS,
    name: 'a message to the completions queue',
    receive: async (message) =>
      typeof message === 'string' ? (await baton.remind(message)).end === 'returned' : takeReport(message),
    giveUp: () => undefined,
  });
  async function takeReport(report: QueuedReport): Promise<boolean> {
    const taken = await baton.takeReport(report);
    if (taken.end === 'returned' && taken.value !== undefined && report.outcome !== 'heartbeat')
      oracle.answered(notifying.attemptOf(report.callbackId), report.outcome, taken.value);
    return taken.end === 'returned';
  }
  const pieceOf = (callbackId: CallbackId): string | undefined => attempts.get(callbackId)?.piece.name;
  const stateOfHost = (instanceId: string): string | undefined => fleet.hostOf(instanceId)?.state();
  const remind = completions.send;
  const services: Services = { ...world, table, stepFunctions, ssm, stateOfHost, oracle, isOut, remind, pieceOf };
  const baton: Completer = completer(services, (ports) => startersOf(ports, starting));
  const notifying: NotifierWorld = {
    ...world,
    completer: baton,
    isSafe: !intruders,
    oracle,
    attemptOf: knownAttempt(attempts),
  };
  const linkKeys: LinkKeys = { mac: fakeMac(), keyIds: ['alias/links'] };
  const workers = simulateWorkers({ ...notifying, queueReport: completions.send });
  const people = simulatePeople({ ...notifying, linkKeys });
  const isDurable = (callbackId: CallbackId): boolean => table.rows.has(callbackId);
  const starting = { workers: () => workers, people: () => people, linkKeys, oracle, isDurable };
  const fleet = simulateFleet(FLEET, {
    time,
    chance,
    uuid: chance.uuid,
    run: (host, command, process) => runNotifier(notifying, host, command, process),
    recover: (host, process) => recover(notifying, host, process),
    recoverDead: (host, callbackId, process) => recoverDead(notifying, host, callbackId, process),
    commandEnded: (command, status) => ssm.end(command, status),
    stateChanged: (instanceId, state, at) => publish('host ended', () => baton.hostEnded(instanceId, state, at)),
  });
  const tick = (): void => {
    void baton.tick();
    time.after(seconds(60), tick);
  };
  time.after(seconds(60), tick);

  const open = (): string[] => [...table.rows.values()].filter((row) => 'token' in row).map((row) => row.callbackId);
  return {
    time,
    chance,
    oracle,
    stepFunctions,
    services,
    fleet,
    hostOf: ({ attempts: [...all] }) => places.get(all.at(-1) as Attempt),
    piecesOn: (host) => [...places].filter(([, place]) => place === host).map(([attempt]) => attempt.piece.name),
    callFailed(execution) {
      const last = execution.attempts.at(-1);
      const commandId = last && ssm.find(callbackIdOf(last.token));
      const command = commandId === undefined ? undefined : ssm.commandOf(commandId);
      if (command !== undefined) ssm.end(command, 'Failed');
    },
    settleByHand(execution) {
      const last = execution.attempts.at(-1);
      if (last === undefined) return;
      const outcome = failure('SettledByHand', '');
      void baton.settleByHand(callbackIdOf(last.token), outcome).then((settled) => {
        if (settled.end !== 'returned' || !settled.value.prevailed) return;
        oracle.answered(last, outcome, settled.value.answer);
      });
    },
    open,
    isQuiet: () =>
      stepFunctions.executions.every(({ status }) => status !== 'RUNNING') &&
      completions.size() === 0 &&
      open().length === 0,
  };
}

function knownAttempt(attempts: ReadonlyMap<CallbackId, Attempt>): (callbackId: CallbackId) => Attempt {
  return (callbackId) => {
    const attempt = attempts.get(callbackId);
    if (attempt === undefined) throw new Error(`nobody has dispatched ${callbackId}`);
    return attempt;
  };
}
