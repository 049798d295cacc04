import { createLocalAws, type LocalAws, type ManualClock } from '@baton/local-aws';
import { deployPlatform, productFolder, readWorkflow, startWorkflow } from '@baton/local-platform';
import { startBaton } from '@baton/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareState, endOf, type Played, secondsBetween } from './incident.ts';

/** The link of the sample decides on GET: whoever opens it, approves. A person looks at the mail ten minutes later. */
export async function scannerReadsLink(): Promise<Played> {
  const baton = await startBaton({
    workflow: bareState({ Parameters: { FunctionName: 'mail', Payload: { 'taskToken.$': '$$.Task.Token' } } }),
  });
  const run = await baton.start({});
  const mailed = baton.now();
  const link = { get: () => run.callback('Job').succeed({ decision: 'approved' }) };
  await link.get();
  await baton.advance('10 minutes');
  const { end, seconds } = endOf(baton, run, mailed);
  await baton.close();
  return { end: end === 'succeeded' ? 'approved by the scanner' : end, seconds };
}

/** The built platform, with its pages: the scanner opens the link twice, and the person denies ten minutes later. */
export async function scannerReadsPage(): Promise<Played> {
  const aws: LocalAws<ManualClock> = createLocalAws({ clock: 'manual', iam: 'off' });
  await aws.listen();
  try {
    const deployment = await deployPlatform(aws);
    const folder = join(productFolder, 'examples/approval');
    const read = readWorkflow(folder);
    const workflow = {
      ...read,
      variables: { ...read.variables, timeout_seconds: 1_800, escalation_timeout_seconds: 1_800 },
    };
    const running = await startWorkflow(aws, deployment, workflow, folder);
    const input = readFileSync(join(folder, 'input.json'), 'utf8');
    const { executionArn } = await aws.call('states:StartExecution', {
      stateMachineArn: running.stateMachineArn,
      input,
    });
    await aws.activity.idle();
    const mailed = new Date(aws.clock.now());
    const text = aws.sns.outbox.at(-1)?.text ?? '';
    const link = /https?:\/\/\S+\/approvals\/\S+/.exec(text)?.[0] ?? '';
    for (const method of ['HEAD', 'GET', 'GET']) await fetch(link, { method });
    await aws.clock.advance(600_000);
    const afterScan = await describe(aws, executionArn);
    if (afterScan !== 'RUNNING')
      return { end: `${afterScan} by the scanner`, seconds: secondsBetween(mailed, new Date(aws.clock.now())) };
    await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'denied', comment: '' }) });
    await aws.activity.idle();
    running.close();
    return { end: 'denied by a person', seconds: secondsBetween(mailed, new Date(aws.clock.now())) };
  } finally {
    await aws.close();
  }
}

const describe = async (aws: LocalAws<ManualClock>, executionArn: unknown): Promise<string> =>
  String((await aws.call('states:DescribeExecution', { executionArn }))['status']);
