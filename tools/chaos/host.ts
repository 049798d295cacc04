/**
 * An EC2 host with an SSM agent. Commands are programs (`notifier.ts`), jobs are processes beside them. The host can be stopped,
 * rebooted and cut off; its disk keeps the markers.
 */
import type { CallbackId, Millis, Outcome } from '@baton/token-lib';
import { seconds } from '@baton/token-lib';
import type { Job } from './job.ts';
import { startProcess, type Process } from './process.ts';
import type { SentCommand } from './ssm.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the disk of a host remembers of a callback (N1, N2 of the notifier). */
export interface Marker {
  readonly callbackId: CallbackId;
  readonly runId: string;
  readonly bootId: string;
  readonly owner: Process;
  phase: 'claiming' | 'running' | 'reporting' | 'closed';
  report?: Outcome;
  job?: Job;
}

export interface HostPorts {
  readonly time: VirtualTime;
  readonly uuid: () => string;
  /** The program that a command runs. Resolves with its exit code. */
  readonly run: (host: Host, command: SentCommand, process: Process) => Promise<number>;
  /** What runs at each boot after the first one. */
  readonly recover: (host: Host, process: Process) => Promise<void>;
  /** What the supervisor of a notifier does that was killed. */
  readonly recoverDead: (host: Host, callbackId: CallbackId, process: Process) => Promise<void>;
  /** The agent's word. */
  readonly commandEnded: (command: SentCommand, status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled') => void;
}

export interface Host {
  readonly instanceId: string;
  bootId(): string;
  lives(): boolean;
  /** EC2's word for it. A host that reboots is running. */
  state(): 'running' | 'shutting-down' | 'terminated';
  /** EC2 is about to end it. */
  isGoing(): boolean;
  isCutOff(): boolean;
  readonly markers: Map<CallbackId, Marker>;
  /** Programs of commands that are under way. */
  programs(): readonly Process[];
  deliver(command: SentCommand): void;
  cancel(command: SentCommand): void;
  cutOff(duration: Millis): void;
  /** EC2 has said so. */
  announceEnd(): void;
  /** Everything on it ends at once; the disk stays. */
  goDown(): void;
  boot(): void;
}

interface Program {
  readonly command: SentCommand;
  readonly process: Process;
}

export function simulateHost(instanceId: string, ports: HostPorts): Host {
  const { time, commandEnded } = ports;
  const markers = new Map<CallbackId, Marker>();
  let programs: Program[] = [];
  let bootId = ports.uuid();
  let isUp = true;
  let isGoing = false;
  let cutOffUntil: Millis = 0;
  let interrupted: SentCommand[] = [];
  const recovering = new Set<Process>();

  const jobs = () => [...markers.values()].flatMap(({ job }) => job ?? []);
  /** Something that ends what a dead notifier has left open, until the host goes down. */
  function recover(act: (process: Process) => Promise<void>): void {
    const process = startProcess(time, () => recovering.delete(process));
    recovering.add(process);
    void act(process).then(() => {
      recovering.delete(process);
      process.end();
    });
  }
  const over = (program: Program): boolean => {
    const wasThere = programs.includes(program);
    programs = programs.filter((other) => other !== program);
    return wasThere;
  };
  /** The agent kills the process group: the program, and the job that is in it. */
  function killGroup({ command, process }: Program): void {
    process.kill();
    markers.get(command.callbackId)?.job?.kill();
  }

  const host: Host = {
    instanceId,
    bootId: () => bootId,
    lives: () => isUp,
    state: () => (!isGoing ? 'running' : isUp ? 'shutting-down' : 'terminated'),
    isGoing: () => isGoing,
    announceEnd: () => void (isGoing = true),
    isCutOff: () => time.now() < cutOffUntil,
    markers,
    programs: () => programs.map(({ process }) => process),
    deliver(command) {
      if (!isUp) return;
      const process = startProcess(time, () => {
        const marker = markers.get(command.callbackId);
        if (marker?.owner === process && isUp) {
          marker.job?.orphaned();
          recover((supervisor) => ports.recoverDead(host, command.callbackId, supervisor));
        }
        if (over(program)) time.after(500, () => commandEnded(command, 'Failed'));
      });
      const program: Program = { command, process };
      programs.push(program);
      void ports.run(host, command, process).then((code) => {
        if (!over(program)) return;
        process.end();
        commandEnded(command, code === 0 ? 'Success' : 'Failed');
      });
      time.after(seconds(Math.max(5, command.timeoutSeconds)), () => {
        if (!over(program)) return;
        killGroup(program);
        commandEnded(command, 'TimedOut');
      });
    },
    cancel(command) {
      const program = programs.find((one) => one.command === command);
      if (program === undefined || !over(program)) return;
      killGroup(program);
      commandEnded(command, 'Cancelled');
    },
    cutOff: (duration) => void (cutOffUntil = Math.max(cutOffUntil, time.now() + duration)),
    goDown() {
      isUp = false;
      const killed = programs;
      programs = [];
      interrupted = killed.map(({ command }) => command);
      for (const { process } of killed) process.kill();
      for (const process of [...recovering]) process.kill();
      for (const job of jobs()) job.kill();
    },
    boot() {
      isUp = true;
      bootId = ports.uuid();
      // The agent reports what it was at once it is back.
      for (const command of interrupted) time.after(seconds(5), () => commandEnded(command, 'Failed'));
      interrupted = [];
      recover((process) => ports.recover(host, process));
    },
  };
  return host;
}
