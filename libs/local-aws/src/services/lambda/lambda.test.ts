import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createFunction, invokeFunction } from '../../testing.ts';

let aws: LocalAws<ManualClock>;
beforeEach(() => {
  aws = createLocalAws({ clock: 'manual' });
});
afterEach(() => aws.close());

const logOf = (name: string): string =>
  aws.logs
    .lines(`/aws/lambda/${name}`)
    .map((line) => line.message)
    .join('');

test('a function gets its event and its context, and answers', async () => {
  await createFunction(
    aws,
    'f',
    'export const handler = async (event, context) => ({ event, name: context.functionName });',
  );
  expect(await invokeFunction(aws, 'f', { a: 1 })).toEqual({
    payload: { event: { a: 1 }, name: 'f' },
    functionError: undefined,
  });
});

test.each([
  ['handler.mjs', 'export const handler = async () => "module"', 'module'],
  ['handler.cjs', 'exports.handler = async () => "commonjs"', 'commonjs'],
  ['handler.js', 'module.exports = { handler: (event, context, callback) => callback(null, "callback") }', 'callback'],
])('%s is loaded as Node loads it', async (file, source, result) => {
  await createFunction(aws, 'f', '', { Code: { ZipFile: zipSync({ [file]: strToU8(source) }) } });
  expect((await invokeFunction(aws, 'f')).payload).toBe(result);
});

test('it has its own environment and nothing of the process', async () => {
  const variables = { Environment: { Variables: { MINE: 'yes' } } };
  await createFunction(aws, 'f', 'export const handler = async () => process.env;', variables);
  const environment = (await invokeFunction(aws, 'f')).payload as Record<string, string>;
  expect(environment).toMatchObject({ MINE: 'yes', AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_REGION: 'us-east-1' });
  expect(environment['PATH']).toBeUndefined();
  const principal = aws.world.credentials.resolve(environment['AWS_ACCESS_KEY_ID'] ?? '');
  expect(principal?.arn).toBe('arn:aws:sts::123456789012:assumed-role/functions/f-');
});

test('an idle environment is used again, and not after an update', async () => {
  await createFunction(aws, 'f', 'let calls = 0; export const handler = async () => (calls += 1);');
  expect((await invokeFunction(aws, 'f')).payload).toBe(1);
  expect((await invokeFunction(aws, 'f')).payload).toBe(2);
  await aws.call('lambda:UpdateFunctionConfiguration', { FunctionName: 'f', MemorySize: 256 });
  expect((await invokeFunction(aws, 'f')).payload).toBe(1);
});

test('an environment is not used beyond its credentials', async () => {
  await createFunction(aws, 'f', 'let calls = 0; export const handler = async () => (calls += 1);');
  expect((await invokeFunction(aws, 'f')).payload).toBe(1);
  await aws.clock.advance(12 * 3600_000);
  expect((await invokeFunction(aws, 'f')).payload).toBe(1);
});

test('of the idle environments only the last used are kept', async () => {
  const names = Array.from({ length: 17 }, (_, index) => `f${index}`);
  for (const name of names) {
    await createFunction(aws, name, 'let calls = 0; export const handler = async () => (calls += 1);');
    await invokeFunction(aws, name);
  }
  const [first, ...others] = names as [string, ...string[]];
  for (const name of others) expect((await invokeFunction(aws, name)).payload).toBe(2);
  expect((await invokeFunction(aws, first)).payload).toBe(1);
});

test('Date follows the manual clock', async () => {
  const source = `export const handler = async () => [Date.now(), +new Date(), new Date(5).getTime(), new Date() instanceof Date, typeof Date()];`;
  await createFunction(aws, 'f', source);
  await invokeFunction(aws, 'f');
  await aws.clock.advance(7 * 24 * 3600_000);
  const [now, constructed, given, isDate, text] = (await invokeFunction(aws, 'f')).payload as unknown[];
  // Within the invocation time runs on; days apart from the machine's it is clear whose time it is.
  expect(Math.abs((now as number) - aws.clock.now()) < 3600_000).toBe(true);
  expect(Math.abs((constructed as number) - aws.clock.now()) < 3600_000).toBe(true);
  expect([given, isDate, text]).toEqual([5, true, 'string']);
});

test('errors are described as Lambda describes them', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => { throw new TypeError("no"); };');
  const { payload, functionError } = await invokeFunction(aws, 'f');
  expect(functionError).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  expect((payload as { trace: string[] }).trace[0]).toBe('TypeError: no');
});

test.each([
  ['a missing file', { Handler: 'other.handler' }, '', 'Runtime.ImportModuleError'],
  ['a missing export', { Handler: 'handler.other' }, 'export const handler = 1;', 'Runtime.HandlerNotFound'],
  ['a syntax error', {}, 'export const handler = ;', 'Runtime.UserCodeSyntaxError'],
  ['a module that throws', {}, 'throw new Error("x"); export const handler = 1;', 'Runtime.ImportModuleError'],
  ['an exit', {}, 'export const handler = async () => process.exit(3);', 'Runtime.ExitError'],
  [
    'a stray rejection',
    {},
    'export const handler = () => new Promise(() => { Promise.reject(new Error("x")); });',
    'Runtime.UnhandledPromiseRejection',
  ],
  [
    'its timeout',
    { Timeout: 1 },
    'export const handler = () => new Promise(() => setInterval(() => 0, 9));',
    'Sandbox.Timedout',
  ],
])('%s ends an invocation, and the next one starts afresh', async (_, settings, source, errorType) => {
  await createFunction(aws, 'f', source, settings);
  for (let round = 0; round < (errorType === 'Sandbox.Timedout' ? 1 : 2); round += 1) {
    const { payload, functionError } = await invokeFunction(aws, 'f');
    expect(functionError).toBe('Unhandled');
    expect((payload as { errorType: string }).errorType).toBe(errorType);
  }
});

test('the timeout is worded as AWS words it, in the answer and in the log', async () => {
  await createFunction(aws, 'f', 'export const handler = () => new Promise(() => setInterval(() => 0, 9));', {
    Timeout: 1,
  });
  const { payload } = await invokeFunction(aws, 'f');
  expect((payload as { errorMessage: string }).errorMessage).toMatch(
    /^RequestId: \S+ Error: Task timed out after 1.00 seconds$/,
  );
  expect(logOf('f')).toContain('Task timed out after 1.00 seconds');
});

test('too much memory ends the environment, not the process', async () => {
  const source = 'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e6).fill({})); };';
  await createFunction(aws, 'f', source, { MemorySize: 128, Timeout: 60 });
  const { payload } = await invokeFunction(aws, 'f');
  expect((payload as { errorMessage: string }).errorMessage).toContain('Runtime exited with error: signal: killed');
});

test('a crash ends what a function is at, and the next invocation starts afresh', async () => {
  await createFunction(
    aws,
    'f',
    'export const handler = (hang) => { console.log("at work"); if (hang) return new Promise(() => 0); return 1; };',
  );
  const hanging = invokeFunction(aws, 'f', true);
  await expect.poll(() => logOf('f')).toContain('at work');
  expect(await aws.lambda.crash('f')).toBe(1);
  expect(await hanging).toMatchObject({ payload: { errorType: 'Runtime.ExitError' }, functionError: 'Unhandled' });
  expect(await invokeFunction(aws, 'f', false)).toMatchObject({ payload: 1 });
  expect(await aws.lambda.crash('f')).toBe(0);
});

test('a response over the limit is refused', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => "x".repeat(6291555);');
  expect((await invokeFunction(aws, 'f')).payload).toEqual({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  });
});

test('the log has the form of Lambda, and the tail comes with the answer', async () => {
  await createFunction(
    aws,
    'f',
    'export const handler = async () => { console.log("hello %s", "you"); console.error({ a: 1 }); };',
  );
  const { LogResult } = await aws.call('lambda:Invoke', { FunctionName: 'f', LogType: 'Tail' });
  const lines = Buffer.from(String(LogResult), 'base64').toString().trim().split('\n');
  expect(lines.map((line) => line.replace(/[0-9a-f-]{36}/g, 'ID').replace(/\d+-\S+Z/, 'TIME'))).toEqual([
    'START RequestId: ID Version: $LATEST',
    'TIME\tID\tINFO\thello you',
    'TIME\tID\tERROR\t{ a: 1 }',
    'END RequestId: ID',
    expect.stringMatching(/^REPORT RequestId: ID\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB/),
  ]);
  const { events } = await aws.call('logs:FilterLogEvents', {
    logGroupName: '/aws/lambda/f',
    filterPattern: 'hello',
  });
  expect(events).toHaveLength(1);
});

test('reserved concurrency throttles', async () => {
  await createFunction(aws, 'f', 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 50));');
  await aws.call('lambda:PutFunctionConcurrency', { FunctionName: 'f', ReservedConcurrentExecutions: 1 });
  const first = invokeFunction(aws, 'f');
  await expect(invokeFunction(aws, 'f')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  await first;
  expect((await invokeFunction(aws, 'f')).functionError).toBeUndefined();
});

test('versions do not change, and aliases point to them', async () => {
  await createFunction(aws, 'f', 'export const handler = async () => 1;');
  await aws.call('lambda:PublishVersion', { FunctionName: 'f' });
  await aws.call('lambda:CreateAlias', { FunctionName: 'f', Name: 'live', FunctionVersion: '1' });
  const ZipFile = zipSync({ 'handler.mjs': strToU8('export const handler = async () => 2;') });
  await aws.call('lambda:UpdateFunctionCode', { FunctionName: 'f', ZipFile });
  expect((await invokeFunction(aws, 'f')).payload).toBe(2);
  expect((await invokeFunction(aws, 'f:1')).payload).toBe(1);
  expect((await invokeFunction(aws, 'arn:aws:lambda:us-east-1:123456789012:function:f:live')).payload).toBe(1);
  await expect(invokeFunction(aws, 'f:9')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test.each<[string, Record<string, unknown>, string]>([
  ['a runtime that is not here', { Runtime: 'python3.12' }, 'InvalidParameterValueException: The runtime python3.12'],
  ['a role that is none', { Role: 'me' }, "ValidationException: 1 validation error detected: Value 'me' at 'role'"],
  [
    'a timeout over the limit',
    { Timeout: 901 },
    "ValidationException: 1 validation error detected: Value '901' at 'timeout'",
  ],
  [
    'code that is no zip',
    { Code: { ZipFile: 'eA==' } },
    'InvalidParameterValueException: Could not unzip uploaded file.',
  ],
  ['no code', { Code: {} }, 'InvalidParameterValueException: Please provide a source for function code'],
  [
    'a zip that reaches out of its folder',
    { Code: { ZipFile: zipSync({ '../../evil.mjs': strToU8('x') }) } },
    'InvalidParameterValueException: The zip holds ../../evil.mjs',
  ],
  [
    "a variable of Lambda's own",
    { Environment: { Variables: { AWS_REGION: 'x' } } },
    'InvalidParameterValueException: Lambda was unable to configure your environment variables',
  ],
])('%s is refused, and nothing is left', async (_, settings, refusal) => {
  const refused = createFunction(aws, 'f', 'export const handler = 1;', settings).catch(
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
  expect(await refused).toContain(refusal);
  expect((await aws.call('lambda:ListFunctions', {}))['Functions']).toEqual([]);
});

test('a missing function, a payload that is no JSON and one too large are refused', async () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:nobody';
  await expect(invokeFunction(aws, 'nobody')).rejects.toMatchObject({ message: `Function not found: ${arn}:$LATEST` });
  await createFunction(aws, 'f', 'export const handler = async () => 1;');
  const invoke = (Payload: string) => aws.call('lambda:Invoke', { FunctionName: 'f', Payload });
  await expect(invoke('{')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  await expect(invoke(`"${'x'.repeat(6 * 1024 * 1024)}"`)).rejects.toMatchObject({ code: 'RequestTooLargeException' });
});

test('functions are listed by name, page by page, with the numbers of a query string as text', async () => {
  for (const name of ['b', 'c', 'a']) await createFunction(aws, name, 'export const handler = 1;');
  const first = await aws.call('lambda:ListFunctions', { MaxItems: '2' });
  expect(first).toMatchObject({ Functions: [{ FunctionName: 'a' }, { FunctionName: 'b' }] });
  const second = await aws.call('lambda:ListFunctions', { Marker: first['NextMarker'] });
  expect(second).toMatchObject({ Functions: [{ FunctionName: 'c' }] });
  expect(second).not.toHaveProperty('NextMarker');
  await expect(aws.call('lambda:ListFunctions', { Marker: 'x' })).rejects.toMatchObject({ message: 'Invalid Marker' });
});

test('tracing is shown as it was asked for', async () => {
  await createFunction(aws, 'f', 'export const handler = 1;', { TracingConfig: { Mode: 'Active' } });
  const shown = aws.call('lambda:UpdateFunctionConfiguration', { FunctionName: 'f', Timeout: 5 });
  expect(await shown).toMatchObject({ TracingConfig: { Mode: 'Active' } });
});

test('code comes out of S3 too', async () => {
  const zip = zipSync({ 'handler.mjs': strToU8('export const handler = async () => "from S3";') });
  await aws.call('s3:CreateBucket', { Bucket: 'artifacts' });
  await aws.call('s3:PutObject', { Bucket: 'artifacts', Key: 'f.zip', Body: zip });
  const create = (S3Key: string) =>
    aws.call('lambda:CreateFunction', {
      FunctionName: 'f',
      Runtime: 'nodejs22.x',
      Handler: 'handler.handler',
      Role: 'arn:aws:iam::123456789012:role/r',
      Code: { S3Bucket: 'artifacts', S3Key },
    });
  await expect(create('none.zip')).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: expect.stringContaining('S3 Error Code: NoSuchKey') as unknown,
  });
  await create('f.zip');
  const { Payload } = await aws.call('lambda:Invoke', { FunctionName: 'f' });
  expect(Buffer.from(Payload as Uint8Array).toString()).toBe('"from S3"');
});

test('one version of a function cannot be deleted', async () => {
  await createFunction(aws, 'f', 'export const handler = 1;', { Publish: true });
  const refused = aws.call('lambda:DeleteFunction', { FunctionName: 'f', Qualifier: '1' });
  await expect(refused).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  expect(await aws.call('lambda:ListFunctions', {})).toMatchObject({ Functions: [{ FunctionName: 'f' }] });
});

test('IAM sees the function, the version that is invoked, and where an ARN says it is', async () => {
  const seen: (readonly string[])[] = [];
  const watched = createLocalAws({ steps: { authorize: ({ resources }) => void seen.push(resources) } });
  const see = async (action: string, input: JsonObject): Promise<unknown> => {
    await watched.call(`lambda:${action}`, input).catch(() => undefined);
    return seen.at(-1);
  };
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f';
  expect(await see('Invoke', { FunctionName: 'f' })).toEqual([arn]);
  expect(await see('Invoke', { FunctionName: 'f', Qualifier: 'live' })).toEqual([`${arn}:live`]);
  expect(await see('Invoke', { FunctionName: `${arn}:7` })).toEqual([`${arn}:7`]);
  expect(await see('GetFunction', { FunctionName: 'f', Qualifier: '7' })).toEqual([arn]);
  const elsewhere = 'arn:aws-cn:lambda:cn-north-1:210987654321:function:f';
  expect(await see('ListTags', { Resource: elsewhere })).toEqual([elsewhere]);
  expect(await see('ListFunctions', {})).toEqual(['*']);
  await watched.close();
});
