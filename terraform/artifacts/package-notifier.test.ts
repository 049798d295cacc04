import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'baton-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

const packageWith = (archive: string) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('package-notifier.ts', import.meta.url)), archive], {
    encoding: 'utf8',
  });

test.each([
  ['node-v22.23.3-linux-x64.tar.gz', /another SHA-256 than 1084aa36/],
  ['node-v22.23.3-linux-arm64.tar.gz', /another SHA-256 than 5ced2d48/],
  ['node-v22.0.0-linux-x64.tar.gz', /no archive of terraform\/modules\/ec2-worker\/node\.json/],
])('a Node that is not the pinned one goes with no notifier: %s', (name, why) => {
  const archive = join(folder, name);
  writeFileSync(archive, 'not from the Node project');
  expect(packageWith(archive)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(why) as string });
});
