/** A host as its agent sees it. EC2 keeps hosts, Systems Manager runs commands on them. */

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface HostScript {
  /** An executable file; without a `#!` line `sh` reads it. */
  readonly script: string;
  /** Relative to the folder in which the agent runs; that folder where it is left out. */
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** The exit code of a process that a signal ended. */
export const BY_SIGNAL = -1;

export interface HostProcess {
  /** When the script itself has ended; what it left in the background may live on. `BY_SIGNAL` when a signal ended it. */
  readonly exited: Promise<{ readonly exitCode: number }>;
  /** KILL to the whole process group, without TERM first. */
  kill(): void;
}

export interface AgentHost {
  readonly instanceId: string;
  readonly instanceArn: string;
  readonly roleName: string;
  readonly roleArn: string;
  /** What stands for the host's `/`. */
  readonly folder: string;
  /** What every process on the host is given. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the host itself keeps; it outlives reboots. */
  readonly systemFolder: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: InstanceState;
  /** Whether its agent can be reached. False on a running host: it was lost and nobody has noticed yet. */
  readonly connected: boolean;
  /** Changes with every boot: what was started under another one is gone. */
  readonly bootId: string;
  /** @throws {Error} when the process cannot be started */
  run(script: HostScript): Promise<HostProcess>;
}

/** The hosts of the account. */
export interface AgentHosts {
  get(instanceId: string): AgentHost | undefined;
  list(): readonly AgentHost[];
  /** Calls back when a host's agent is there again, after a boot. */
  onBoot(listener: (host: AgentHost) => void): void;
}
