/**
 * Makes the archive that hosts install: the notifier, and a program that starts it with the Node and the settings beside it. Prints its SHA-256, as the
 * module ec2-worker takes it. Hosts get their Node when they install it. For hosts that can reach no copy of the Node project's site, the
 * argument names the archive of Node that node.json pins (node-v...-linux-x64.tar.gz, or -arm64), and its Node goes with the notifier.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packTar, type TarFile } from './tar.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

function readBuilt(path: string): Uint8Array {
  if (!existsSync(at(path))) throw new Error(`${path.replace('../../', '')} is missing: run "npm run build" first`);
  return readFileSync(at(path));
}

const start = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if [ -f "$here/notifier.env" ]; then
  while IFS= read -r setting; do export "$setting"; done < "$here/notifier.env"
fi
exec "$here/node" "$here/main.mjs" "$@"
`;

interface PinnedNode {
  readonly archives: Readonly<Record<string, { readonly name: string; readonly sha256: string }>>;
}

/** The program of an archive of the Node project, and which hosts it is for. */
function nodeOf(archive: string): { readonly platform: string; readonly file: TarFile } {
  const { archives } = JSON.parse(readFileSync(at('../modules/ec2-worker/node.json'), 'utf8')) as PinnedNode;
  const name = basename(archive);
  const pinned = Object.entries(archives).find(([, candidate]) => candidate.name === name);
  if (pinned === undefined) throw new Error(`${name} is no archive of terraform/modules/ec2-worker/node.json`);
  const [platform, { sha256 }] = pinned;
  if (sha256Of(readFileSync(archive)) !== sha256) throw new Error(`${archive} has another SHA-256 than ${sha256}`);
  const member = `${name.replace('.tar.gz', '')}/bin/node`;
  const content = execFileSync('tar', ['-xzOf', archive, member], { maxBuffer: 1024 ** 3 });
  return { platform, file: { name: 'node', content, executable: true } };
}

function packageNotifier(nodeArchive: string | undefined): void {
  const node = nodeArchive === undefined ? undefined : nodeOf(nodeArchive);
  const main = readBuilt('../../apps/ec2-agent-notifier/dist/main.mjs');
  const archive = gzipSync(
    packTar([
      { name: 'ec2-agent-notifier', content: Buffer.from(start), executable: true },
      { name: 'main.mjs', content: main, executable: false },
      ...(node === undefined ? [] : [node.file]),
    ]),
  );
  mkdirSync(at('dist'), { recursive: true });
  const name = `ec2-agent-notifier${node === undefined ? '' : `-${node.platform}`}.tar.gz`;
  writeFileSync(at(`dist/${name}`), archive);
  console.log(`terraform/artifacts/dist/${name}  ${sha256Of(archive)}`);
}

try {
  packageNotifier(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
