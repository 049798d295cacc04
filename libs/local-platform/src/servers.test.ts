import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const PARTNER = `import { createServer } from 'node:http';
const server = createServer().listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));`;

/** A program that starts the servers of a workflow, as baton does, and prints their addresses. */
function startStarter(folder: string) {
  const source = `const { startServers } = await import(${JSON.stringify(new URL('servers.ts', import.meta.url).href)});
const { variables } = await startServers({ folder: ${JSON.stringify(folder)}, needs: { servers: { partner: { file: 'partner.mjs' } } } });
console.log(variables.partner_url);`;
  const flags = ['--conditions=@baton/source', '--disable-warning=ExperimentalWarning', '--input-type=module'];
  return spawn(process.execPath, [...flags, '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test.each(['SIGKILL', 'SIGQUIT'] as const)('%s of the program ends the servers that it has started', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'servers-'));
  writeFileSync(join(folder, 'partner.mjs'), PARTNER);
  const starter = startStarter(folder);
  const [address] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  starter.kill(signal);
  expect(await closed).toBeDefined();
});
