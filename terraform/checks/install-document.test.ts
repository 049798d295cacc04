import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const template = readFileSync(
  fileURLToPath(new URL('../modules/ec2-worker/install-document.json', import.meta.url)),
  'utf8',
);

/** The script of the document's second step, for a machine whose root is `root`. */
function scriptFor(root: string, sha256: string): string {
  const document = JSON.parse(
    template.replaceAll('${sha256}', sha256).replaceAll('${endpoint}', 'https://baton.example'),
  ) as {
    mainSteps: { inputs: { runCommand?: string[] } }[];
  };
  const lines = document.mainSteps[1]?.inputs.runCommand ?? [];
  return lines
    .join('\n')
    .replace(/(?<!ExecStart=)\/(?:var\/lib\/baton|opt\/baton|usr\/local\/bin|etc\/systemd)/g, (path) => root + path);
}

const sha256Of = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

let root: string;
const program = () => join(root, 'usr/local/bin/ec2-agent-notifier');
const archive = () => join(root, 'var/lib/baton/download/notifier.tar.gz');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-install-'));
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Puts an archive where the first step would have left it. @returns its SHA-256 */
function download(says: string): string {
  const content = mkdtempSync(join(root, 'content-'));
  mkdirSync(join(archive(), '..'), { recursive: true });
  writeFileSync(join(content, 'ec2-agent-notifier'), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
  execFileSync('tar', ['-czf', archive(), '-C', content, 'ec2-agent-notifier']);
  return sha256Of(archive());
}

/** Runs the script, with a systemctl that only writes down what it was told. */
function install(sha256: string) {
  const bin = join(root, 'bin');
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${root}/systemctl.log\n`, { mode: 0o755 });
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  return spawnSync('sh', ['-c', scriptFor(root, sha256)], { encoding: 'utf8', env: { ...process.env, PATH } });
}

test('the notifier is installed under its hash and found on PATH', () => {
  const sha256 = download('one');
  expect(install(sha256)).toMatchObject({ status: 0, stderr: '' });
  expect(execFileSync(program(), { encoding: 'utf8' })).toBe('one\n');
  expect(readlinkSync(program())).toBe(join(root, 'opt/baton', sha256, 'ec2-agent-notifier'));
});

test('another version takes over, and the one that may be running stays', () => {
  const first = download('one');
  install(first);
  const second = download('two');
  expect(install(second).status).toBe(0);
  expect(execFileSync(program(), { encoding: 'utf8' })).toBe('two\n');
  expect(existsSync(join(root, 'opt/baton', first, 'ec2-agent-notifier'))).toBe(true);
});

test('installing the same version again changes nothing', () => {
  const sha256 = download('one');
  const bytes = readFileSync(archive());
  install(sha256);
  writeFileSync(archive(), bytes);
  expect(install(sha256)).toMatchObject({ status: 0, stderr: '' });
  expect(execFileSync(program(), { encoding: 'utf8' })).toBe('one\n');
});

test('an archive with another hash is removed, and nothing of it is unpacked', () => {
  download('evil');
  const wanted = '0'.repeat(64);
  expect(install(wanted)).toMatchObject({
    status: 1,
    stderr: `the downloaded notifier has another SHA-256 than ${wanted}: nothing was installed\n`,
  });
  expect(existsSync(program())).toBe(false);
  expect(existsSync(join(root, 'opt/baton'))).toBe(false);
  expect(existsSync(archive())).toBe(false);
});

test('what a reboot leaves unreported is reported at boot', () => {
  install(download('one'));
  const unit = readFileSync(join(root, 'etc/systemd/system/ec2-agent-notifier-recover.service'), 'utf8');
  expect(unit).toContain(
    '\n[Service]\nType=oneshot\nExecStart=/usr/local/bin/ec2-agent-notifier recover --endpoint https://baton.example\n',
  );
  expect(readFileSync(join(root, 'systemctl.log'), 'utf8')).toContain('enable ec2-agent-notifier-recover.service');
});
