import { describe, expect, test } from 'vitest';
import { ExecutionFailed, startBaton } from '../src/index.ts';
import { assertFails, assertSucceeds, assertVisited } from '../src/node-test.ts';
import '../src/vitest.ts';

const workflow = new URL('release/workflow.asl.json', import.meta.url);
const example = (name: string): URL => new URL(`../../../examples/${name}/workflow.asl.json`, import.meta.url);
const resize = async ({ file }: { readonly file: string }) => ({ thumbnail: `small-${file}` });
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

test('a workflow of a queue, a wait and an approval, as the guide shows it', async () => {
  const baton = await startBaton({ workflow, workers: { resize } });
  const run = await baton.start({ file: 'a.png' });
  await run.waiting('Resize');
  await baton.advance('2 hours');
  await run.callback('Release').approve('ann');
  expect(await run.result()).toMatchObject({ thumbnail: 'small-a.png', decision: { decision: 'approved' } });
  expect(run.history().at(-1)?.type).toBe('ExecutionSucceeded');
  expect(run).toHaveVisited('Resize', 'Quarantine', 'Release');
});

describe('outcomes', () => {
  test('what a worker throws is caught and retried by its name, on the test’s clock', async () => {
    let attempts = 0;
    const busyOnce = async (work: { readonly file: string }) => {
      attempts += 1;
      if (attempts === 1) throw named('Busy', 'come again');
      return resize(work);
    };
    const baton = await startBaton({ workflow, workers: { resize: busyOnce } });
    await baton.start({ file: 'a.png' });
    await baton.advance(29_000);
    expect(attempts).toBe(1);
    await baton.advance('1 second');
    expect(attempts).toBe(2);
  });

  test('a failure is thrown with its name and cause', async () => {
    const broken = async () => Promise.reject(named('NoSuchFile', 'a.png is not there'));
    const baton = await startBaton({ workflow, workers: { resize: broken } });
    const run = await baton.start({ file: 'a.png' });
    const failed = await run.result().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ExecutionFailed);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'NoSuchFile', cause: 'a.png is not there' });
    await expect(run).toFail('NoSuchFile');
  });

  test('a throttled outcome is told again, and one that is throttled for longer is kept and told later', async () => {
    const baton = await startBaton({ workflow, workers: { resize } });
    baton.faults.throttle('SendTaskSuccess', { times: 3 });
    const run = await baton.start({ file: 'a.png' });
    await baton.advance('2 hours');
    expect(run).toHaveVisited('Resize', 'Release');

    baton.faults.throttle('SendTaskSuccess', { times: 6 });
    const second = await baton.start({ file: 'b.png' });
    await second.waiting('Resize');
    expect(second.visited()).toEqual(['Resize']);
    await baton.advance('2 minutes');
    expect(second.visited()).toEqual(['Resize', 'Quarantine']);
  });

  test('an answer that is lost does not change the outcome', async () => {
    const baton = await startBaton({ workflow, workers: { resize } });
    baton.faults.loseAnswer('SendTaskSuccess');
    const run = await baton.start({ file: 'a.png' });
    await baton.advance('2 hours');
    expect(run).toHaveVisited('Resize', 'Release');
  });

  test('a denial is the result, and people have one vote', async () => {
    const baton = await startBaton({ workflow, workers: { resize } });
    const run = await baton.start({ file: 'a.png' });
    await baton.advance('1 hour');
    await run.callback('Release').deny('ann@example.com', 'too dark');
    await expect(run.callback('Release').approve('ann')).rejects.toThrow('has voted');
    expect(await run.result()).toMatchObject({ decision: { decision: 'denied', votes: [{ comment: 'too dark' }] } });
  });

  test('a state’s timeout comes at its time', async () => {
    const baton = await startBaton({ workflow, workers: { resize } });
    const run = await baton.start({ file: 'a.png' });
    await baton.advance('1 hour');
    await baton.advance('23 hours 59 minutes');
    expect(run.history().at(-1)?.type).not.toBe('ExecutionFailed');
    await baton.advance('1 minute');
    await expect(run).toFail('States.Timeout');
  });
});

describe('hosts', () => {
  const input = { instanceId: 'web-1', command: ['./make-report.sh', '--rows', '3'] };
  const untilStopped = (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((resolve) => signal.addEventListener('abort', resolve));

  test('a job runs by the name of its program', async () => {
    const makeReport = ({ command }: { readonly command: string[] }) => ({ rows: Number(command[2]) });
    const baton = await startBaton({ workflow: example('ec2-job'), workers: { 'make-report': makeReport } });
    const run = await baton.start(input);
    expect(await run.result()).toMatchObject({ rows: 3 });
  });

  test('a host that is killed fails its job at once, and takes no more', async () => {
    const baton = await startBaton({ workflow: example('ec2-job'), workers: { RunJob: untilStopped } });
    const run = await baton.start(input);
    await run.waiting('RunJob');
    void baton.host('web-1').kill();
    await expect(run).toFail('Baton.HostLost');
    await expect(await baton.start(input)).toFail('Baton.HostNotAvailable');
  });

  test('a long job sends heartbeats while hours pass, and stops with its execution', async () => {
    const baton = await startBaton({ workflow: example('ec2-job'), workers: { RunJob: untilStopped } });
    const run = await baton.start(input);
    await baton.advance('30 minutes');
    expect(run.history().at(-1)?.type).toBe('TaskSubmitted');
    await run.stop();
    await expect(run).toFail();
  });
});

describe('a definition that knows nothing of Baton', () => {
  const plain = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: {
          QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/questions',
          MessageBody: { 'token.$': '$$.Task.Token', 'question.$': '$.question' },
        },
        TimeoutSeconds: 3600,
        Next: 'Keep',
      },
      Keep: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Parameters: { TableName: 'answers', Item: { answer: { 'S.$': '$.answer' } } },
        ResultPath: null,
        Next: 'Praise',
      },
      Praise: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'praise', 'Payload.$': '$' },
        OutputPath: '$.Payload',
        End: true,
      },
    },
  };
  const mocks = { 'dynamodb:putItem': {} };
  const praise = ({ answer }: { readonly answer: string }) => ({ text: `${answer}: well said` });

  test('its tokens are settled by the test', async () => {
    const baton = await startBaton({ workflow: plain, workers: { praise }, mocks });
    const run = await baton.start({ question: 'why?' });
    await run.waiting('Ask');
    expect(run.callback('Ask').work).toMatchObject({ MessageBody: { question: 'why?' } });
    await run.callback('Ask').succeed({ answer: 'so' });
    await assertSucceeds(run, { text: 'so: well said' });
    assertVisited(run, 'Ask', 'Keep', 'Praise');
    expect(baton.calls.map(({ action }) => action)).toEqual(['sqs:sendMessage', 'dynamodb:putItem', 'lambda:invoke']);
  });

  test('its messages are taken by a worker of the queue’s name', async () => {
    const questions = ({ question }: { readonly question: string }) => ({ answer: `${question} so` });
    const baton = await startBaton({ workflow: plain, workers: { praise, questions }, mocks });
    await assertSucceeds(await baton.start({ question: 'why?' }), { text: 'why? so: well said' });
  });

  test('a mock may fail, by its error’s name, and sees what it is called with', async () => {
    const full = ({ TableName }: { readonly TableName: string }) => {
      throw named('DynamoDB.AmazonDynamoDBException', `${TableName} is full`);
    };
    const baton = await startBaton({ workflow: plain, mocks: { Keep: full } });
    const run = await baton.start({ question: 'why?' });
    await run.callback('Ask').succeed({ answer: 'so' });
    await assertFails(run, 'DynamoDB.AmazonDynamoDBException');
  });
});

describe('what a test has to mend is a sentence', () => {
  test('a service without a mock, a function without a worker', async () => {
    const call = (Resource: string, Parameters: object) => ({
      StartAt: 'Call',
      States: { Call: { Type: 'Task', Resource, Parameters, End: true } },
    });
    const get = await startBaton({
      workflow: call('arn:aws:states:::aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' }),
    });
    await expect((await get.start()).result()).rejects.toThrow("mocks: { 'aws-sdk:s3:getObject': ... }");
    const invoke = await startBaton({ workflow: call('arn:aws:states:::lambda:invoke', { FunctionName: 'gone' }) });
    await expect((await invoke.start()).result()).rejects.toThrow("workers: { 'gone': ... }");
  });

  test('a result that waits for the test, a state that does not wait, an approver who is not asked', async () => {
    const baton = await startBaton({ workflow, workers: { resize } });
    const run = await baton.start({ file: 'a.png' });
    await expect(run.waiting('Release')).rejects.toThrow('it is in "Quarantine". Time passes by baton.advance');
    await expect(run.result()).rejects.toThrow('waits for approval by ann, ben');
    await expect(run.callback('Release').approve('eve')).rejects.toThrow('does not ask eve: it asks ann, ben');
    expect(() => run.callback('Quarantine')).toThrow('has not waited for a callback');
    await expect(baton.advance('soon')).rejects.toThrow('"soon" is no length of time');
  });

  test('a definition that Step Functions would not take', async () => {
    const broken = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } };
    await expect(startBaton({ workflow: broken })).rejects.toThrow('Step Functions would not take the definition');
    await expect(startBaton({ workflow: 'none.asl.json' })).rejects.toThrow('there is no workflow');
  });
});

test('no two tests see each other', async () => {
  const one = await startBaton({ workflow, workers: { resize } });
  const other = await startBaton({ workflow, workers: { resize } });
  await one.advance('1 day');
  expect(one.now().getTime() - other.now().getTime()).toBeGreaterThan(80_000_000);
  await Promise.all([one.start({ file: 'a' }, { name: 'same' }), other.start({ file: 'b' }, { name: 'same' })]);
});
