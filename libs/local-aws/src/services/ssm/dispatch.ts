/**
 * Brings commands to hosts and keeps their statuses.
 *
 * 1. An invocation ends once; what is reported later changes nothing.
 * 2. Only a host's agent reports. A lost host reports nothing, and its invocations end when the command expires.
 * 3. A host that boots reports what was running there before as Failed; it is not run again.
 * 4. A host runs as many commands at a time as its agent has workers. The others wait their turn as Pending (guessed), and for no longer than their delivery may take.
 */
import type { World } from '../../kernel/service.ts';
import type { AgentHost, AgentHosts } from '../../kit/host.ts';
import { commandWorkersOf } from './agent-config.ts';
import { KILLED, startRun, type AgentRun } from './agent.ts';
import { publishCommandStatus, publishInvocationStatus } from './command-events.ts';
import {
  DELIVERY_TIMED_OUT,
  hasEnded,
  statusOfCommand,
  statusOfSteps,
  withDetails,
  type Command,
  type Invocation,
  type StatusWithDetails,
} from './command.ts';

export interface Dispatch {
  send(command: Command): void;
  cancel(command: Command, invocations: readonly Invocation[]): void;
  /** A second delivery of the same message. Resolves when its scripts have ended or are lost. */
  redeliver(command: Command, reports: boolean): Promise<void>;
  close(): void;
}

export function createDispatch(world: World, hosts: AgentHosts): Dispatch {
  const open = new Map<Invocation, Command>();
  const runs = new Map<Invocation, AgentRun>();
  const expiries = new Map<Command, { cancel(): void }>();
  const working = new Map<AgentHost, number>();

  const enter = (command: Command, invocation: Invocation, next: StatusWithDetails): void => {
    if (hasEnded(invocation.current)) return; // 1
    const before = statusOfCommand(command);
    invocation.current = next;
    publishInvocationStatus(world, command, invocation);
    if (statusOfCommand(command).status !== before.status) publishCommandStatus(world, command);
    if (!hasEnded(next)) return;
    open.delete(invocation);
    runs.delete(invocation);
    if (!command.invocations.every(({ current }) => hasEnded(current))) return;
    expiries.get(command)?.cancel();
    expiries.delete(command);
  };

  const run = async (command: Command, invocation: Invocation, reports: boolean): Promise<void> => {
    const started = world.activity.begin();
    const agentRun = startRun(world, invocation.host, command.commandId, command.rendered, started);
    if (reports && invocation.current.status === 'Pending') {
      runs.set(invocation, agentRun);
      enter(command, invocation, withDetails('InProgress'));
    }
    const result = await agentRun.result.finally(started);
    if (result === 'lost' || !reports || hasEnded(invocation.current)) return; // 1, 2
    invocation.steps = result;
    enter(command, invocation, withDetails(statusOfSteps(result)));
  };

  const deliver = (command: Command, invocation: Invocation): void => {
    const { host } = invocation;
    if (invocation.current.status !== 'Pending' || !host.connected) return;
    const busy = working.get(host) ?? 0;
    if (busy >= commandWorkersOf(host)) return; // 4
    working.set(host, busy + 1);
    void run(command, invocation, true).finally(() => {
      working.set(host, (working.get(host) ?? 1) - 1);
      deliverNext(host);
    });
  };
  const deliverNext = (host: AgentHost): void => {
    for (const [invocation, command] of open) if (invocation.host === host) deliver(command, invocation);
  };

  hosts.onBoot((host) => {
    for (const [invocation, command] of open) {
      if (invocation.host !== host) continue;
      if (invocation.current.status === 'Pending') deliver(command, invocation);
      else interrupt(command, invocation); // 3
    }
  });
  const interrupt = (command: Command, invocation: Invocation): void => {
    invocation.steps = invocation.steps.map((step) => ({ ...step, status: 'Failed', responseCode: KILLED }));
    enter(command, invocation, withDetails('Failed'));
  };

  return {
    send(command) {
      publishCommandStatus(world, command);
      if (command.invocations.length === 0) return;
      const expire = (): void => {
        for (const invocation of command.invocations) enter(command, invocation, DELIVERY_TIMED_OUT);
      };
      expiries.set(command, world.clock.at(command.expiresAt, expire));
      for (const invocation of command.invocations) {
        open.set(invocation, command);
        publishInvocationStatus(world, command, invocation);
        const end = world.activity.begin();
        setImmediate(() => {
          deliver(command, invocation);
          end();
        });
      }
    },
    cancel(command, invocations) {
      for (const invocation of invocations) {
        if (hasEnded(invocation.current)) continue;
        const agentRun = runs.get(invocation);
        enter(command, invocation, withDetails(agentRun === undefined ? 'Cancelled' : 'Cancelling'));
        if (invocation.host.connected) agentRun?.cancel();
      }
    },
    async redeliver(command, reports) {
      const reachable = command.invocations.filter(({ host }) => host.connected);
      await Promise.all(reachable.map((invocation) => run(command, invocation, reports)));
    },
    close() {
      for (const timer of expiries.values()) timer.cancel();
    },
  };
}
