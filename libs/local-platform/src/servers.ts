import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Variables } from './deploy-needs.ts';
import type { Workflow } from './workflow.ts';

/** The programs that stand in for others, e.g. a partner. */
export interface Servers {
  /** The address of each, e.g. `partner_url`. */
  readonly variables: Variables;
  close(): void;
}

/** Whose servers: the example's folder, and what its local.json says. */
export interface ServersOf {
  readonly folder: string;
  readonly needs: Pick<Workflow['needs'], 'servers'>;
}

/**
 * Preloaded into programs that must not outlive this one (`node --import`): their standard input is a pipe from it, which ends with it, whatever
 * ended it. The programs themselves need not know.
 */
const LIFELINE = `data:text/javascript,${encodeURIComponent("process.stdin.on('end', () => process.exit()).resume();")}`;

/**
 * Starts the servers of local.json; each prints its address as its first line. They end with this process, however it ends.
 *
 * @throws {Error} when one ends before it has printed its address
 */
export async function startServers({ folder, needs }: ServersOf): Promise<Servers> {
  const running: ChildProcess[] = [];
  const close = (): void => running.forEach((server) => server.kill());
  const variables: Record<string, string> = {};
  try {
    for (const [name, { file }] of Object.entries(needs.servers)) {
      const server = spawn(process.execPath, ['--import', LIFELINE, resolve(folder, file)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      running.push(server);
      const lines = createInterface({ input: server.stdout });
      const [address] = (await Promise.race([once(lines, 'line'), once(server, 'exit').then(() => [])])) as string[];
      if (address === undefined) throw new Error(`the server "${name}" (${file}) ended before it gave its address`);
      variables[`${name.replaceAll('-', '_')}_url`] = address;
    }
  } catch (error) {
    close();
    throw error;
  }
  return { variables, close };
}
