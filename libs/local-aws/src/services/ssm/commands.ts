import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import type { AgentHosts } from '../../kit/host.ts';
import { hasEnded, type Command, type Invocation } from './command.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';

/** [documented: Systems Manager User Guide, "View command history"] */
const THIRTY_DAYS = 30 * 24 * 3_600_000;

/** The commands of the account, in the order in which they were sent. */
export class Commands {
  readonly world: World;
  readonly hosts: AgentHosts;
  readonly #byId = new Map<string, Command>();
  readonly #dispatch: Dispatch;

  constructor(world: World, hosts: AgentHosts) {
    this.world = world;
    this.hosts = hosts;
    this.#dispatch = createDispatch(world, hosts);
  }

  send(command: Command): void {
    this.#byId.set(command.commandId, command);
    this.#forgetOld();
    this.#dispatch.send(command);
  }

  /** Of those that have ended, the latest are kept, for 30 days at most. */
  #forgetOld(): void {
    const before = this.world.clock.now() - THIRTY_DAYS;
    for (const [id, { requestedAt, invocations }] of this.#byId) {
      if (this.#byId.size <= this.world.retain && requestedAt >= before) return;
      if (invocations.every(({ current }) => hasEnded(current))) this.#byId.delete(id);
    }
  }

  /** On the hosts that are named; on all of them where none is. @throws {AwsError} InvalidInstanceId */
  cancel(command: Command, ids: readonly string[]): void {
    const unknown = ids.filter((id) => invocationOn(command, id) === undefined);
    if (unknown.length > 0) {
      throw new AwsError('InvalidInstanceId', `Instances [[${unknown.join(', ')}]] have no part in the command.`);
    }
    const chosen = command.invocations.filter(({ host }) => ids.length === 0 || ids.includes(host.instanceId));
    this.#dispatch.cancel(command, chosen);
  }

  /** Delivers the command a second time. @throws {AwsError} InvalidCommandId */
  async redeliver(id: string, { reports = false }: { readonly reports?: boolean } = {}): Promise<void> {
    await this.#dispatch.redeliver(this.find(id), reports);
  }

  /** @throws {AwsError} InvalidCommandId */
  find(id: string): Command {
    const command = this.#byId.get(id);
    if (command !== undefined) return command;
    throw new AwsError('InvalidCommandId', `The command ${id} does not exist.`);
  }

  /** The one with this id, if it is there; all of them where none is given. */
  list(id?: string): Command[] {
    if (id === undefined) return [...this.#byId.values()];
    const command = this.#byId.get(id);
    return command === undefined ? [] : [command];
  }

  close(): void {
    this.#dispatch.close();
  }
}

export const invocationOn = ({ invocations }: Command, instanceId: string): Invocation | undefined =>
  invocations.find(({ host }) => host.instanceId === instanceId);
