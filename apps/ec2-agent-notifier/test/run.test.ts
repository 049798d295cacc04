import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { APPLIED, granted, STORED } from './baton-server.ts';
import { CALLBACK_ID, startHost, type TestHost } from './host.ts';

let host: TestHost;
beforeEach(async () => {
  host = await startHost();
});
afterEach(() => host.close());

async function failureOf(job: Parameters<typeof granted>[0]) {
  host.baton.script('claim', granted(job));
  const ended = await host.run();
  expect(ended.code).toBe(1);
  return (await host.baton.nth('failure')).body as { error: string; cause: string };
}

test('a job runs from the claim to the report, signed, with its stdout passed through', async () => {
  host.baton.script('claim', granted({ command: ['sh', '-c', 'echo working; echo \'{"rows":5}\'; echo bye'] }));
  const ended = await host.run();
  expect(ended).toMatchObject({ code: 0, stdout: 'working\n{"rows":5}\nbye\n' });
  const [claim, ...rest] = host.baton.seen;
  expect(claim).toMatchObject({
    verb: 'claim',
    callbackId: CALLBACK_ID,
    body: { commandId: 'command-1', bootId: 'first-boot' },
  });
  expect(rest.at(-1)).toMatchObject({ verb: 'success', body: { runId: claim!.body['runId'], output: { rows: 5 } } });
  expect(host.baton.forbidden).toBe(0);
  expect(await host.marker()).toMatchObject({ phase: 'closed', end: 'success applied' });
  expect((await stat(join(host.folder, 'state', `${CALLBACK_ID}.json`))).mode & 0o777).toBe(0o600);
});

test('an outcome that is stored and not told yet is reported again until it is (L1)', async () => {
  host.baton.script('claim', granted({ command: ['sh', '-c', 'echo 1'] }));
  host.baton.script('success', STORED, STORED, APPLIED);
  const ended = await host.run();
  expect(ended.code).toBe(0);
  expect(host.baton.seen.filter(({ verb }) => verb === 'success')).toHaveLength(3);
  expect(await host.marker()).toMatchObject({ phase: 'closed', end: 'success applied' });
});

test('a claim that was granted after the silence of its run was over starts nothing (L7)', async () => {
  const shell = 'echo it runs; sleep 1; echo 1';
  host.baton.script('claim', granted({ shell }, { heartbeatSeconds: 0.0001 }));
  const ended = await host.run();
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect((await host.baton.nth('failure')).body).toMatchObject({ error: 'Baton.Stopped' });
});

test('a shell script gets its folder and environment, and nothing of Baton or credentials', async () => {
  const shell =
    'echo "{\\"pwd\\":\\"$PWD\\",\\"greeting\\":\\"$GREETING\\",\\"secret\\":\\"$AWS_SECRET_ACCESS_KEY$BATON_STATE_DIRECTORY\\",\\"home\\":\\"$HOME\\"}"';
  host.baton.script('claim', granted({ shell, workingDirectory: '/', environment: { GREETING: 'hello' } }));
  await host.run({ AWS_SECRET_ACCESS_KEY: 'leak', HOME: '/root' });
  expect((await host.baton.nth('success')).body['output']).toEqual({
    pwd: '/',
    greeting: 'hello',
    secret: '',
    home: '/root',
  });
});

test.each([
  ['starts in the folder for jobs', { command: ['./nightly/import.sh'] }, ''],
  ['that names a relative folder starts there', { command: ['./import.sh'], workingDirectory: 'nightly' }, 'nightly'],
])('a job %s', async (_, job, folder) => {
  const work = join(host.folder, 'work');
  const script = join(work, 'nightly/import.sh');
  await mkdir(join(work, 'nightly'), { recursive: true });
  await writeFile(script, '#!/bin/sh\necho "\\"$PWD\\"" > "$BATON_OUTPUT_FILE"\n', { mode: 0o755 });
  host.baton.script('claim', granted(job));
  await host.run({ BATON_WORK_DIRECTORY: work });
  expect((await host.baton.nth('success')).body['output']).toBe(resolve(work, folder));
});

test('a folder for jobs that is not there is named', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  await host.run({ BATON_WORK_DIRECTORY: '/not/there' });
  expect((await host.baton.nth('failure')).body).toMatchObject({
    error: 'Baton.WorkingDirectoryNotFound',
    cause: expect.stringContaining('/not/there') as string,
  });
});

test('the output file wins over stdout', async () => {
  host.baton.script(
    'claim',
    granted({ shell: 'echo \'{"from":"stdout"}\'; echo \'"from the file"\' > "$BATON_OUTPUT_FILE"' }),
  );
  await host.run();
  expect((await host.baton.nth('success')).body['output']).toBe('from the file');
  expect(await readdir(join(host.folder, 'state'))).toEqual([`${CALLBACK_ID}.json`]);
});

test('an output file that is not JSON is a failure', async () => {
  const failure = await failureOf({ shell: 'echo oops > "$BATON_OUTPUT_FILE"' });
  expect(failure.error).toBe('Baton.InvalidOutput');
  expect(failure.cause).toContain('is not JSON');
});

test.each([
  ['in the file', `node -e 'process.stdout.write("[".repeat(9e3) + "]".repeat(9e3))' > "$BATON_OUTPUT_FILE"`],
  ['on stdout', `node -e 'console.log("[".repeat(9e3) + "]".repeat(9e3))'`],
])('an output of too many levels %s is a failure by the name that it has everywhere', async (_, shell) => {
  const failure = await failureOf({ shell });
  expect(failure.error).toBe('Baton.JsonTooDeep');
  expect(failure.cause).toContain('1,000 levels');
});

test.each([
  ['a folder', 'mkdir "$BATON_OUTPUT_FILE" && echo x > "$BATON_OUTPUT_FILE/part"', 'is a folder'],
  ['a pipe', 'mkfifo "$BATON_OUTPUT_FILE"', 'is not a regular file'],
])('an output file that is %s is a failure of the job, not of the notifier', async (_, shell, why) => {
  const failure = await failureOf({ shell });
  expect(failure.error).toBe('Baton.InvalidOutput');
  expect(failure.cause).toContain(why);
  expect(await readdir(join(host.folder, 'state'))).toEqual([`${CALLBACK_ID}.json`]);
});

test('progress of too many levels is passed through, and the job goes on', async () => {
  const deep = `{"a":${'['.repeat(1_100)}${']'.repeat(1_100)}}`;
  host.baton.script('claim', granted({ command: ['echo', `::progress ${deep}`] }));
  expect(await host.run()).toMatchObject({ code: 0, stdout: `::progress ${deep}\n` });
});

test('an output over the limit is a failure that says where to put it', async () => {
  const failure = await failureOf({ shell: 'printf \'["\'; head -c 300000 /dev/zero | tr "\\0" x; echo \'"]\'' });
  expect(failure.error).toBe('Baton.OutputTooLarge');
  expect(failure.cause).toContain('S3');
});

test('a job that fails is reported with its exit code and the end of its stderr', async () => {
  const failure = await failureOf({ shell: 'seq 1 5000 >&2; echo "no such table" >&2; exit 3' });
  expect(failure.error).toBe('Baton.JobFailed');
  expect(failure.cause).toMatch(/^The job exited with code 3\. The end of its stderr:\n\d+\n[\s\S]*\nno such table$/);
  expect(failure.cause.length).toBeLessThan(8_400);
});

test('a job that is killed is reported with the signal', async () => {
  expect(await failureOf({ shell: 'kill -KILL $$' })).toMatchObject({
    error: 'Baton.JobKilled',
    cause: expect.stringContaining('SIGKILL') as string,
  });
});

test('a command that is not there, not executable, without a folder, or no command at all: each has its name', async () => {
  expect(await failureOf({ command: ['./missing'] })).toMatchObject({ error: 'Baton.CommandNotFound' });
  await host.close();
  host = await startHost();
  await writeFile(join(host.folder, 'plain'), 'text');
  await chmod(join(host.folder, 'plain'), 0o644);
  expect(await failureOf({ command: ['./plain'] })).toMatchObject({ error: 'Baton.CommandNotExecutable' });
  await host.close();
  host = await startHost();
  expect(await failureOf({ command: ['true'], workingDirectory: '/nowhere' })).toMatchObject({
    error: 'Baton.WorkingDirectoryNotFound',
    cause: expect.stringContaining('/nowhere') as string,
  });
  await host.close();
  host = await startHost();
  expect(await failureOf({})).toMatchObject({ error: 'Baton.InvalidJob' });
});

test('progress lines are taken out of stdout and sent with a heartbeat; malformed ones are not fatal', async () => {
  const shell = 'echo \'::progress {"rows":7}\'; echo "::progress seven"; read -r go < go';
  host.baton.script('claim', granted({ command: ['sh', '-c', `mkfifo go; ${shell}`] }));
  const { ended } = host.startRun();
  await host.baton.nth('heartbeat', 1, (body) => JSON.stringify(body['progress']) === '{"rows":7}');
  await host.baton.nth('heartbeat', 1, (body) => body['progress'] === undefined);
  await writeFile(join(host.folder, 'go'), 'go\n');
  const { code, stdout, stderr } = await ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: '::progress seven\n' });
  expect(stderr).toContain('no progress');
});

test('stdout without end or newline passes in bounded memory', async () => {
  host.baton.script('claim', granted({ shell: 'head -c 60000000 /dev/zero; printf \'\\n{"done":true}\'' }));
  const { code, stdout } = await host.run({ NODE_OPTIONS: '--max-old-space-size=40' });
  expect(code).toBe(0);
  expect(stdout.length).toBe(60_000_014);
  expect((await host.baton.nth('success')).body['output']).toEqual({ done: true });
});

test('the job stays in the process group of the notifier', async () => {
  host.baton.script('claim', granted({ shell: 'cut -d" " -f5 /proc/$$/stat > "$BATON_OUTPUT_FILE"' }));
  await host.run();
  const group = (await host.baton.nth('success')).body['output'];
  expect(group).toBe(await processGroupOfTests());
});

async function processGroupOfTests(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

test('a daemon that the job leaves behind does not hold the report back', async () => {
  host.baton.script('claim', granted({ shell: 'sleep 60 & echo "{\\"daemon\\":$!}"' }));
  const { ended } = host.startRun();
  const { daemon } = (await host.baton.nth('success')).body['output'] as { daemon: number };
  expect(process.kill(daemon, 0)).toBe(true);
  process.kill(daemon, 'SIGKILL');
  expect((await ended).code).toBe(0);
});

test('a report that Baton knows already is as good as a first one', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  host.baton.script('success', { body: { answer: 'duplicate' } });
  expect((await host.run()).code).toBe(0);
});

test('a success that came late ends non-zero', async () => {
  host.baton.script('claim', granted({ command: ['true'] }));
  host.baton.script(
    'success',
    { status: 410, body: { answer: 'late', message: 'the task had ended', error: 'Late' } },
    APPLIED,
  );
  const { code, stderr } = await host.run();
  expect(code).toBe(1);
  expect(stderr).toContain('late, the task had ended');
  expect(host.baton.seen.filter(({ verb }) => verb === 'success')).toHaveLength(1);
});
