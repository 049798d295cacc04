/** Tables of the pure decisions: what a marker, a moment, an exit means. */
import { describe, expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { checkNode, readConfig } from './config.ts';
import { nextBeatStep, type BeatState, type BeatStep } from './heartbeats.ts';
import { needsRefresh } from './imds.ts';
import { chooseJobUser, parseUser, type JobUser } from './job-user.ts';
import { jobEnvironment } from './job.ts';
import { dangerOf } from './marker-store.ts';
import { decideMarker, type Marker } from './marker.ts';
import { parseStat, processesOfRun, type HostProcess } from './processes.ts';

const ID = '0123456789abcdefghjkmnpqrs';

describe('the command line', () => {
  const endpoint = ['--endpoint', 'https://a.example/prod/'];
  test('is read, and the endpoint loses its last slash', () => {
    const expected = { verb: 'run', callbackId: ID, endpoint: 'https://a.example/prod', stateDirectory: undefined };
    expect(parseArguments(['run', '--callback-id', ID, ...endpoint])).toEqual(expected);
    expect(parseArguments(['recover', ...endpoint, '--state-directory', '/s'])).toMatchObject({
      verb: 'recover',
      stateDirectory: '/s',
    });
    expect(parseArguments(['--help'])).toEqual({ verb: 'help' });
  });
  test.each([
    [['walk'], 'unknown command "walk"'],
    [['run', 'fast'], 'unexpected argument "fast"'],
    [['run', ...endpoint], '--callback-id is missing'],
    [['run', '--callback-id', ID.replace('0', 'l'), ...endpoint], '--callback-id is malformed'],
    [['run', '--callback-id', `${ID}\n`, ...endpoint], '--callback-id is malformed'],
    [['run', '--callback-id', ID], '--endpoint is missing'],
    [['run', '--callback-id', ID, '--endpoint', 'a.example'], 'not an http or https URL'],
    [['run', '--callback-id', ID, '--endpoint', 'https://u:p@a.example'], 'must not have'],
    [['run', '--callback-id', ID, '--endpoint', 'https://a.example?x'], 'must not have'],
    [['run', '--callback-id', ID, '--force', ...endpoint], '--force'],
    [['recover', '--callback-id', ID, ...endpoint], 'recover takes no --callback-id'],
    [['recover', '--state-directory', '', ...endpoint], '--state-directory is empty'],
  ])('%j is refused', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });
});

test.each([
  ['22.23.3', false],
  ['20.0.0', false],
  ['18.20.8', true],
])('Node %s is too old: %s', (version, tooOld) => {
  const check = () => checkNode(version);
  if (tooOld) expect(check).toThrow('is too old');
  else expect(check).not.toThrow();
});

test('an empty variable is an unset one, and AWS_REGION goes before the agent', () => {
  expect(readConfig({ SSM_COMMAND_ID: '', AWS_SSM_REGION_NAME: 'eu-west-1' })).toMatchObject({
    commandId: undefined,
    region: 'eu-west-1',
  });
  expect(readConfig({ AWS_REGION: 'us-east-1', AWS_SSM_REGION_NAME: 'eu-west-1' }).region).toBe('us-east-1');
});

test.each([
  [undefined, true],
  [300_001, false],
  [299_999, true],
  [-1, true],
])('credentials that live %s ms longer are renewed: %s', (leftMs, expected) => {
  const kept =
    leftMs === undefined
      ? undefined
      : { accessKeyId: '', secretAccessKey: '', sessionToken: '', expiresAtMs: 1_000 + leftMs };
  expect(needsRefresh(kept, 1_000)).toBe(expected);
});

describe('the next step of the heartbeats', () => {
  const limits = { intervalMs: 5_000, silenceMs: 60_000 };
  const state: BeatState = {
    lastBeatMs: 0,
    lastContactMs: 0,
    deadlineMs: 100_000,
    retryPauseMs: undefined,
    progress: undefined,
  };
  const rows: [string, Partial<BeatState>, number, Partial<BeatStep>][] = [
    ['waits for the interval', {}, 1_000, { kind: 'wait', ms: 4_000 }],
    ['beats when it is due', {}, 5_000, { kind: 'beat', timeoutMs: 10_000 }],
    ['waits for progress to be a second apart', { progress: {} }, 400, { kind: 'wait', ms: 600 }],
    ['sends progress before the interval is over', { progress: {} }, 1_000, { kind: 'beat' }],
    ['keeps the pause after a failure', { retryPauseMs: 300, progress: {} }, 100, { kind: 'wait', ms: 200 }],
    ['gives a request no more time than is left', { lastBeatMs: 50_000 }, 57_000, { kind: 'beat', timeoutMs: 3_000 }],
    ['wakes when the silence gets too long', { lastBeatMs: 58_000 }, 59_000, { kind: 'wait', ms: 1_000 }],
    [
      'stops after too long a silence',
      { lastBeatMs: 59_999 },
      60_000,
      { kind: 'stop', reason: 'Baton was out of reach for 60 seconds' },
    ],
    [
      'stops when the time of the task is over',
      { lastContactMs: 99_000 },
      100_000,
      { kind: 'stop', reason: 'the time of the task is over' },
    ],
  ];
  test.each(rows)('%s', (_, change, nowMs, step) => {
    expect(nextBeatStep({ ...state, ...change }, limits, nowMs)).toMatchObject(step);
  });
});

describe('a marker that another process left', () => {
  const run = {
    callbackId: ID,
    runId: '00000000-0000-0000-0000-000000000000',
    bootId: 'boot',
    pid: 7,
    processStart: '1',
  };
  const report = { kind: 'success', output: 1 } as const;
  const rows: [string, Marker, string, boolean, object][] = [
    ['is alive', { ...run, phase: 'running' }, 'boot', true, { kind: 'refuse' }],
    ['is alive and reporting', { ...run, phase: 'reporting', report }, 'boot', true, { kind: 'refuse' }],
    [
      'has died',
      { ...run, phase: 'running' },
      'boot',
      false,
      { kind: 'deliver', report: { error: 'Baton.WorkerLost' } },
    ],
    [
      'died while it claimed',
      { ...run, phase: 'claiming' },
      'boot',
      false,
      { kind: 'deliver', report: { error: 'Baton.WorkerLost' } },
    ],
    [
      'went with the last boot',
      { ...run, phase: 'running' },
      'next',
      false,
      { kind: 'deliver', report: { error: 'Baton.HostRestarted' } },
    ],
    [
      'has its pid taken after a boot',
      { ...run, phase: 'running' },
      'next',
      true,
      { kind: 'deliver', report: { error: 'Baton.HostRestarted' } },
    ],
    ['died with a report', { ...run, phase: 'reporting', report }, 'next', false, { kind: 'deliver', report }],
    [
      'is done',
      { ...run, phase: 'closed', end: 'success applied', closedAtEpochMs: 0 },
      'next',
      false,
      { kind: 'refuse' },
    ],
  ];
  test.each(rows)('%s', (_, marker, bootId, ownerLives, decision) => {
    expect(decideMarker(marker, bootId, ownerLives)).toMatchObject(decision);
  });
});

test('a process is read from its stat, whatever its name', () => {
  const after = 'S 41 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 8123 0 0';
  expect(parseStat(`43 (a) Z (b) ${after}`)).toEqual({ zombie: false, parentPid: 41, start: '8123' });
  expect(parseStat('43 (sh) Z 41 0')).toMatchObject({ zombie: true });
});

test('a run is its root, what carries its id, and all their living descendants', () => {
  const process = (pid: number, parentPid: number, runId?: string, zombie = false): HostProcess => ({
    pid,
    parentPid,
    runId,
    zombie,
    start: '',
  });
  const all = [
    process(9, 8),
    process(8, 5),
    process(5, 1),
    process(6, 1, 'mine'),
    process(7, 6, undefined, true),
    process(4, 1, 'other'),
    process(3, 4),
  ];
  expect(processesOfRun(all, { runId: 'mine', rootPid: 5 })).toEqual([9, 8, 5, 6]);
  expect(processesOfRun(all, { runId: 'mine' })).toEqual([6]);
});

test('a process that is older than the notifier of a run is none of its job', () => {
  const process = { pid: 6, parentPid: 1, runId: 'mine', zombie: false, start: '900' };
  expect(processesOfRun([process], { runId: 'mine', notBefore: '900' })).toEqual([6]);
  expect(processesOfRun([process], { runId: 'mine', notBefore: '1000' })).toEqual([]);
  expect(processesOfRun([process], { runId: 'mine', notBefore: 'never' })).toEqual([]);
});

test.each([
  [{ uid: 0, mode: 0o40700 }, 0, undefined],
  [{ uid: 0, mode: 0o40755 }, 1000, undefined],
  [{ uid: 1000, mode: 0o100600 }, 1000, undefined],
  [{ uid: 1000, mode: 0o40700 }, 0, 'belongs to user 1000, and this program runs as user 0'],
  [{ uid: 0, mode: 0o41777 }, 0, 'can be written by other users (mode 777)'],
  [{ uid: 0, mode: 0o100620 }, 0, 'can be written by other users (mode 620)'],
  [{ uid: 7, mode: 0o777 }, undefined, undefined],
])('what %j has, seen by user %s, others could have written: %s', (found, own, danger) => {
  expect(dangerOf(found, own)).toBe(danger);
});

describe('the environment of a job', () => {
  const hostEnvironment = {
    PATH: '/bin',
    HOME: '/root',
    LC_ALL: 'C',
    https_proxy: 'http://proxy:8080',
    AWS_REGION: 'eu-west-1',
    AWS_SESSION_TOKEN: 't',
    BATON_STATE_DIRECTORY: '/s',
    DATABASE_PASSWORD: 'of somebody else',
  };
  const environmentOf = (jobUser: JobUser, environment = {}) =>
    jobEnvironment({ command: ['x'], environment }, { runId: 'run', outputFile: '/out', hostEnvironment, jobUser });
  const shared = { LC_ALL: 'C', https_proxy: 'http://proxy:8080', AWS_REGION: 'eu-west-1' };
  const told = { BATON_RUN_ID: 'run', BATON_OUTPUT_FILE: '/out' };

  test('is what every program needs of its host, and what the work adds', () => {
    const added = { PATH: '/own', AWS_SESSION_TOKEN: 'own' };
    expect(environmentOf({ kind: 'own' }, added)).toEqual({ ...shared, HOME: '/root', ...added, ...told });
  });

  test('says who it is where that is another user', () => {
    const user = { name: 'baton', uid: 990, gid: 990, home: '/var/lib/baton/work', shell: '/sbin/nologin' };
    const who = { HOME: user.home, USER: 'baton', LOGNAME: 'baton', SHELL: user.shell };
    expect(environmentOf({ kind: 'other', user })).toEqual({ ...shared, PATH: '/bin', ...who, ...told });
  });
});

describe('whom a job runs as', () => {
  const users = [
    'root:x:0:0:root:/root:/bin/bash',
    'baton:x:990:991::/var/lib/baton/work:/sbin/nologin',
    'etl:x:1000:1000:ETL,,,:/home/etl:',
  ].map(parseUser);
  const find = (known: typeof users) => (name: string) => Promise.resolve(known.find((user) => user?.name === name));
  const [, baton] = users;

  test.each<[string, string | undefined, number | undefined, typeof users, object]>([
    ['the user of the install document', undefined, 0, users, { kind: 'other', user: baton }],
    ['whom the host names', 'etl', 0, users, { kind: 'other', user: { uid: 1000, shell: '/bin/sh' } }],
    ['nobody where the host names a user that is not there', 'ghost', 0, users, { kind: 'missing', name: 'ghost' }],
    ['root where the host says so', 'root', 0, users, { kind: 'own' }],
    [
      'root where nothing was installed',
      undefined,
      0,
      [],
      { kind: 'own', because: expect.stringContaining('root') as string },
    ],
    [
      'its own where it is not root',
      'etl',
      1000,
      users,
      { kind: 'own', because: expect.stringContaining('1000') as string },
    ],
    ['its own where there are no users', undefined, undefined, [], { kind: 'own' }],
  ])('%s', async (_, asked, ownUid, known, expected) => {
    expect(await chooseJobUser(asked, ownUid, find(known))).toMatchObject(expected);
  });

  test.each(['', 'baton', 'baton:x:one:2::/:/bin/sh', 'baton:x::2::/:/bin/sh'])('%j is no user', (line) => {
    expect(parseUser(line)).toBeUndefined();
  });
});
