/**
 * Makes the archive that hosts install: the notifier with the Node that it was tested on, and a program that starts both. Prints its
 * SHA-256, as the module ec2-worker takes it. The first argument, x64 or arm64, names the processor of the hosts (x64 without one).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packTar } from './tar.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function read(path: string, remedy: string): Uint8Array {
  if (!existsSync(at(path))) throw new Error(`${path.replace('../../', '')} is missing: ${remedy}`);
  return readFileSync(at(path));
}

const start = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node" "$here/main.mjs" "$@"
`;

function packageNotifier(processor: string): void {
  if (!['x64', 'arm64'].includes(processor)) throw new Error(`hosts run on x64 or arm64, not on ${processor}`);
  const node = `../../node_modules/node-linux-${processor}/bin/node`;
  const archive = gzipSync(
    packTar([
      { name: 'ec2-agent-notifier', content: Buffer.from(start), executable: true },
      {
        name: 'main.mjs',
        content: read('../../apps/ec2-agent-notifier/dist/main.mjs', 'run "npm run build" first'),
        executable: false,
      },
      { name: 'node', content: read(node, `run "npm ci --cpu=${processor}" first`), executable: true },
    ]),
  );
  mkdirSync(at('dist'), { recursive: true });
  const name = `ec2-agent-notifier-linux-${processor}.tar.gz`;
  writeFileSync(at(`dist/${name}`), archive);
  console.log(`terraform/artifacts/dist/${name}  ${createHash('sha256').update(archive).digest('hex')}`);
}

try {
  packageNotifier(process.argv[2] ?? 'x64');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
