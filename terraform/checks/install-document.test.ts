import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const template = read('../modules/ec2-worker/install-document.json');

/** What the module fills in: where Node comes from, and what it must be. */
interface Node {
  readonly node_path: string;
  readonly node_base_url: string;
  readonly node_sha256: string;
}
/** The document's own parameters. */
interface Parameters {
  readonly root: string;
  readonly runAs: string;
  readonly jobsAtOnce?: string;
}
const VERSION = '22.9.9';
const name = (processor: string) => `node-v${VERSION}-linux-${processor}.tar.gz`;

/** The script of the document's second step, with `root` as the parameter of that name. */
function scriptFor(
  sha256: string,
  { node_sha256, ...node }: Node,
  { root, runAs, jobsAtOnce = '' }: Parameters,
): string {
  const variables = {
    ...node,
    sha256,
    endpoint: 'https://baton.example',
    node_version: VERSION,
    node_x64_name: name('x64'),
    node_x64_sha256: node_sha256,
    node_arm64_name: name('arm64'),
    node_arm64_sha256: node_sha256,
  };
  const text = Object.entries(variables).reduce(
    (filled, [variable, value]) => filled.replaceAll(`\${${variable}}`, value),
    template,
  );
  expect(text.replaceAll('${url}', '')).not.toContain('${');
  const document = JSON.parse(text) as { mainSteps: { inputs: { runCommand?: string[] } }[] };
  const lines = document.mainSteps[1]?.inputs.runCommand ?? [];
  return lines
    .join('\n')
    .replaceAll('{{ root }}', root)
    .replaceAll('{{ runAs }}', runAs)
    .replaceAll('{{ jobsAtOnce }}', jobsAtOnce);
}

const sha256Of = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

let root: string;
const program = () => join(root, 'usr/local/bin/ec2-agent-notifier');
const archive = () => join(root, 'var/lib/baton/download/notifier.tar.gz');

/** A site with releases of Node: what it answers by the path, and what it was asked for. */
const site = { files: new Map<string, Buffer>(), asked: [] as string[], cutAt: Infinity };
const server = createServer((request, response) => {
  site.asked.push(request.url ?? '');
  const file = site.files.get(request.url ?? '');
  if (file === undefined) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-length': file.length });
  if (file.length <= site.cutAt) return void response.end(file);
  response.write(file.subarray(0, site.cutAt), () => response.destroy());
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dist`;
});
afterAll(() => server.close());

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-install-'));
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  Object.assign(site, { files: new Map(), asked: [], cutAt: Infinity });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function tar(file: string, members: Readonly<Record<string, string>>): void {
  const content = mkdtempSync(join(root, 'content-'));
  for (const [member, text] of Object.entries(members)) {
    mkdirSync(join(content, member, '..'), { recursive: true });
    writeFileSync(join(content, member), text, { mode: 0o755 });
  }
  execFileSync('tar', ['-czf', file, '-C', content, ...readdirSync(content)]);
}

/** A program that says what it is, and which program it was given. */
const nodeProgram = (says: string) => `#!/bin/sh\necho "$(sh "$1") by ${says}"\n`;

/** Puts a release of Node onto the site, for both processors. */
function publishNode(says = 'node'): Node {
  const file = join(root, 'published.tar.gz');
  const members = ['x64', 'arm64'].map((processor): [string, string] => [
    `node-v${VERSION}-linux-${processor}/bin/node`,
    nodeProgram(says),
  ]);
  tar(file, { ...Object.fromEntries(members), 'elsewhere/evil': 'no part of it' });
  for (const processor of ['x64', 'arm64']) site.files.set(`/dist/v${VERSION}/${name(processor)}`, readFileSync(file));
  return { node_path: '', node_base_url: base, node_sha256: sha256Of(file) };
}

/** Puts an archive where the first step would have left it. @returns its SHA-256 */
function download(says: string, more: Readonly<Record<string, string>> = {}, file = archive()): string {
  mkdirSync(join(file, '..'), { recursive: true });
  const start = '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/node" "$here/main" "$@"\n';
  tar(file, { 'ec2-agent-notifier': start, main: `echo ${says}\n`, ...more });
  return sha256Of(file);
}

/** Programs that only write down what they were told, in place of those that change the machine. */
function recordedPrograms(users: readonly string[]): string {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  const put = (name: string, line: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  for (const name of ['systemctl', 'useradd', 'chown']) put(name, `echo "${name} $@" >> ${root}/told`);
  put('id', `case " ${users.join(' ')} " in *" $2 "*) ;; *) exit 1 ;; esac`);
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

async function runScript(text: string, environment: Readonly<Record<string, string>> = {}) {
  const script = spawn('sh', ['-c', text], { env: { ...process.env, ...environment } });
  let stderr = '';
  script.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const status = await new Promise<number | null>((resolve) => script.on('close', resolve));
  return { status, stderr };
}

const install = (sha256: string, node: Node = publishNode()) =>
  runScript(scriptFor(sha256, node, { root, runAs: 'baton' }));

/** As on AWS, where the root is empty; what lies under / lies under the test's root all the same. */
function installOnAws(sha256: string, { runAs = 'baton', users = [] as readonly string[] } = {}) {
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
  const script = scriptFor(sha256, publishNode(), { root: '', runAs });
  const underRoot = script.replaceAll('$root/', `${root}/`).replaceAll(' /etc/', ` ${root}/etc/`);
  return runScript(underRoot, { PATH: recordedPrograms(users) });
}
const told = () => readFileSync(join(root, 'told'), 'utf8').trimEnd().split('\n');

const DONE = { status: 0, stderr: '' };
const says = () => execFileSync(program(), { encoding: 'utf8' });

test('the notifier is installed under its hash and found on PATH', async () => {
  const sha256 = download('one');
  expect(await install(sha256)).toEqual(DONE);
  expect(says()).toBe('one by node\n');
  expect(readlinkSync(program())).toBe(join(root, 'opt/baton', sha256, 'ec2-agent-notifier'));
});

test('another version takes over, and the one that may be running stays', async () => {
  const first = download('one');
  await install(first);
  expect(await install(download('two'))).toEqual(DONE);
  expect(says()).toBe('two by node\n');
  expect(existsSync(join(root, 'opt/baton', first, 'ec2-agent-notifier'))).toBe(true);
});

test('installing the same version again changes nothing, and asks for no Node', async () => {
  const sha256 = download('one');
  const bytes = readFileSync(archive());
  const node = publishNode();
  await install(sha256, node);
  writeFileSync(archive(), bytes);
  expect(await install(sha256, node)).toEqual(DONE);
  expect(says()).toBe('one by node\n');
  expect(site.asked).toHaveLength(1);
});

test('an archive with another hash is removed, and nothing of it is unpacked', async () => {
  download('evil');
  const wanted = '0'.repeat(64);
  expect(await install(wanted)).toEqual({
    status: 1,
    stderr: `the downloaded notifier has another SHA-256 than ${wanted}: nothing was installed\n`,
  });
  expect(existsSync(program())).toBe(false);
  expect(existsSync(join(root, 'opt/baton'))).toBe(false);
  expect(existsSync(archive())).toBe(false);
});

describe('on AWS', () => {
  const work = () => join(root, 'var/lib/baton/work');

  test('jobs get a user without a shell and a folder that is theirs', async () => {
    expect(await installOnAws(download('one'))).toEqual(DONE);
    expect(told().slice(0, 2)).toEqual([
      `useradd --system --user-group --home-dir ${work()} --no-create-home --shell /sbin/nologin baton`,
      `chown baton ${work()}`,
    ]);
    expect(readdirSync(work())).toEqual([]);
    expect(says()).toBe('one by node\n');
  });

  test('jobs run as the user that is named, if it is there', async () => {
    const sha256 = download('one');
    expect(await installOnAws(sha256, { runAs: 'etl', users: ['etl'] })).toEqual(DONE);
    expect(told()[0]).toBe(`chown etl ${work()}`);
    const settings = readFileSync(join(root, 'opt/baton', sha256, 'notifier.env'), 'utf8');
    expect(settings).toContain('\nBATON_RUN_AS=etl\n');
  });

  test('nothing is installed for a user that is not there', async () => {
    expect(await installOnAws(download('one'), { runAs: 'etl' })).toEqual({
      status: 1,
      stderr: 'there is no user etl to run jobs as: nothing was installed\n',
    });
    expect(existsSync(program())).toBe(false);
  });

  test('what a reboot leaves unreported is reported at boot', async () => {
    await installOnAws(download('one'));
    const unit = readFileSync(join(root, 'etc/systemd/system/ec2-agent-notifier-recover.service'), 'utf8');
    expect(unit).toContain(
      '\n[Service]\nType=oneshot\nExecStart=/usr/local/bin/ec2-agent-notifier recover --endpoint https://baton.example\n',
    );
    expect(told()).toContainEqual(expect.stringContaining('enable ec2-agent-notifier-recover.service'));
  });
});

describe('under a root', () => {
  test('nothing lies elsewhere, no user is made and systemd is not told', async () => {
    const sha256 = download('one');
    const script = scriptFor(sha256, publishNode(), { root, runAs: 'baton' });
    expect(await runScript(script, { PATH: recordedPrograms([]) })).toEqual(DONE);
    expect(existsSync(join(root, 'told'))).toBe(false);
    const settings = readFileSync(join(root, 'opt/baton', sha256, 'notifier.env'), 'utf8').split('\n');
    expect(settings).toEqual([
      `BATON_STATE_DIRECTORY=${root}/var/lib/baton-notifier`,
      `BATON_WORK_DIRECTORY=${root}/var/lib/baton/work`,
      '',
    ]);
  });

  test('the limit of the SSM agent is set beside what its configuration says already', async () => {
    const file = join(root, 'etc/amazon/ssm/amazon-ssm-agent.json');
    const limit = async (jobsAtOnce: string) => {
      const own = { ...publishNode(), node_path: process.execPath };
      expect(await runScript(scriptFor(download('one'), own, { root, runAs: 'baton', jobsAtOnce }))).toEqual(DONE);
      return JSON.parse(readFileSync(file, 'utf8')) as unknown;
    };
    expect(await limit('20')).toEqual({ Mds: { CommandWorkersLimit: 20 } });
    writeFileSync(file, '{"Agent":{"Region":"eu-central-1"},"Mds":{"StopTimeoutMillis":1}}');
    const kept = { Agent: { Region: 'eu-central-1' }, Mds: { StopTimeoutMillis: 1, CommandWorkersLimit: 8 } };
    expect(await limit('8')).toEqual(kept);
    expect(await limit('')).toEqual(kept);
  });

  test.each(['', 'disk', './disk'])('that is relative (%j) lies in the folder of a local host', async (relative) => {
    const folder = join(root, relative);
    const sha256 = download('one', {}, join(folder, 'var/lib/baton/download/notifier.tar.gz'));
    const script = scriptFor(sha256, publishNode(), { root: relative, runAs: 'baton' });
    expect(await runScript(script, { BATON_HOST_FOLDER: root })).toEqual(DONE);
    expect(existsSync(join(folder, 'usr/local/bin/ec2-agent-notifier'))).toBe(true);
  });
});

describe('the Node of a host', () => {
  test('comes from the site under its version, alone of its archive, into a folder of its hash', async () => {
    const node = publishNode();
    expect(await install(download('one'), node)).toEqual(DONE);
    const processor = process.arch === 'arm64' ? 'arm64' : 'x64';
    expect(site.asked).toEqual([`/dist/v${VERSION}/${name(processor)}`]);
    expect(readdirSync(join(root, 'opt/baton', `node-${node.node_sha256}`))).toEqual(['node']);
  });

  test('of another release takes over for the same notifier', async () => {
    const sha256 = download('one');
    const bytes = readFileSync(archive());
    await install(sha256, publishNode('an old one'));
    writeFileSync(archive(), bytes);
    expect(await install(sha256, publishNode('a new one'))).toEqual(DONE);
    expect(says()).toBe('one by a new one\n');
  });

  test.each<[string, (node: Node) => Node, RegExp]>([
    ['has another hash', (node) => ({ ...node, node_sha256: 'f'.repeat(64) }), /has another SHA-256 than f{64}/],
    ['is missing', (node) => (site.files.clear(), node), /404[^]*could not be downloaded/],
    ['is cut short', (node) => ((site.cutAt = 100), node), /could not be downloaded/],
    ['is nowhere', (node) => ({ ...node, node_base_url: 'http://127.0.0.1:9/dist' }), /could not be downloaded/],
  ])('that %s is refused, and what was there goes on working', async (_, spoil, why) => {
    await install(download('one'), publishNode('an old one'));
    const { status, stderr } = await install(download('two'), spoil(publishNode('a new one')));
    expect(status).toBe(1);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(/: nothing was installed\n$/);
    expect(says()).toBe('one by an old one\n');
    expect(readdirSync(join(root, 'var/lib/baton/download'))).toEqual([]);
    expect(readdirSync(join(root, 'opt/baton'))).toHaveLength(2);
  });

  test('that has another hash is not unpacked where there was none before, either', async () => {
    const node = { ...publishNode('evil'), node_sha256: 'f'.repeat(64) };
    expect((await install(download('one'), node)).status).toBe(1);
    expect(existsSync(program())).toBe(false);
    expect(existsSync(join(root, 'opt/baton'))).toBe(false);
  });

  test('is the host’s own where it is named, and new enough', async () => {
    const own = join(root, 'own-node');
    writeFileSync(
      own,
      `#!/bin/sh\nif [ "$1" = -e ]; then exec ${process.execPath} "$@"; fi\n${nodeProgram('its own')}`,
      {
        mode: 0o755,
      },
    );
    expect(await install(download('one'), { ...publishNode(), node_path: own })).toEqual(DONE);
    expect(says()).toBe('one by its own\n');
    expect(site.asked).toEqual([]);
  });

  test.each([
    ['too old', (own: string) => writeFileSync(own, '#!/bin/sh\nexit 1\n', { mode: 0o755 })],
    ['not there', () => undefined],
  ])('that is the host’s own and %s is refused, and what was there goes on working', async (_, make) => {
    await install(download('one'));
    const own = join(root, 'own-node');
    make(own);
    const { status, stderr } = await install(download('two'), { ...publishNode(), node_path: own });
    expect(status).toBe(1);
    expect(stderr).toContain(`${own} is not Node 22 or newer: nothing was installed\n`);
    expect(says()).toBe('one by node\n');
  });

  test('that came in the notifier’s archive is used, and no other one is asked for', async () => {
    expect(await install(download('one', { node: nodeProgram('the one beside it') }))).toEqual(DONE);
    expect(says()).toBe('one by the one beside it\n');
    expect(site.asked).toEqual([]);
  });
});

describe('the release of Node that is pinned', () => {
  const { version, archives } = JSON.parse(read('../modules/ec2-worker/node.json')) as {
    version: string;
    archives: Record<string, { name: string; sha256: string }>;
  };

  test('is the one that the project is tested on, with an archive for each processor', () => {
    const { optionalDependencies } = JSON.parse(read('../../package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([version]));
    expect(Object.keys(archives)).toEqual(['linux-x64', 'linux-arm64']);
    for (const [platform, pinned] of Object.entries(archives)) {
      expect(pinned).toEqual({
        name: `node-v${version}-${platform}.tar.gz`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    }
  });
});
