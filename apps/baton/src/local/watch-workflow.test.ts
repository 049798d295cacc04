import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { deployPlatform, startWorkflow } from '@baton/local-platform';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInit } from '../commands/init.ts';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import type { Terminal } from '../terminal.ts';
import { watchWorkflow } from './watch-workflow.ts';

const plain = (text: string): string => text;

function listener() {
  let heard = Promise.withResolvers<string>();
  const terminal = {
    colors: { green: plain },
    line: (text: string) => heard.resolve(text),
    error: (text: string) => heard.resolve(text),
  } as unknown as Terminal;
  return {
    terminal,
    next: () => {
      heard = Promise.withResolvers();
      return heard.promise;
    },
  };
}

async function outputOf(aws: LocalAws, stateMachineArn: string): Promise<unknown> {
  const ended = Promise.withResolvers<void>();
  const ignore = aws.observe({
    event: ({ source, detail }) => {
      if (source === 'aws.states' && detail['status'] !== 'RUNNING') ended.resolve();
    },
  });
  const { executionArn } = await aws.call('states:StartExecution', { stateMachineArn, input: '{"file":"a.png"}' });
  await ended.promise;
  ignore();
  return JSON.parse(String((await aws.call('states:DescribeExecution', { executionArn }))['output']));
}

test('what a file says is deployed when it changes; what does not compile is named, and what ran before goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  const { terminal, next } = listener();
  runInit(folder, { kind: 'queue' }, terminal);
  const aws = createLocalAws();
  try {
    await aws.listen();
    const deployment = await deployPlatform(aws);
    const running = await startWorkflow(aws, deployment, await bundleWorkflow(readChecked(folder)));
    const end = watchWorkflow(aws, running, folder, terminal);
    expect(await outputOf(aws, running.stateMachineArn)).toEqual({ thumbnail: 'small-a.png' });

    const reloaded = next();
    writeFileSync(join(folder, 'src/work.ts'), "export const resize = async () => ({ thumbnail: 'tiny' });");
    expect(await reloaded).toContain('has changed; executions in flight go on as they began');
    expect(await outputOf(aws, running.stateMachineArn)).toEqual({ thumbnail: 'tiny' });

    const refused = next();
    writeFileSync(join(folder, 'src/work.ts'), 'export const resize = ;');
    expect(await refused).toContain('what ran before goes on');
    expect(await outputOf(aws, running.stateMachineArn)).toEqual({ thumbnail: 'tiny' });
    end();
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
});
