/** local.json and main.tf of an example are two descriptions of the same resources: what runs locally is what is deployed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEAD_LETTERS, type Needs } from '../src/needs.ts';
import { readWorkflow } from '../src/workflow.ts';
import { readHcl, readMade, type Made, type StatementNames } from './main-tf.ts';

const examples = resolve(import.meta.dirname, '../../../examples');

/** Without what plays somebody else locally: hosts, partners, and queues that only receive what a topic publishes. */
function localMade({
  statements,
  workers,
  functions,
  queues,
  topics,
  tables,
  approvers,
}: Needs): Omit<Made, 'definitionVariables'> {
  const listeners = Object.values(topics).flatMap((topic) => topic.queues ?? []);
  const names = (each: Needs['statements']): StatementNames[] => each.map(({ sid, actions }) => ({ sid, actions }));
  return {
    statements: names(statements),
    workers: Object.fromEntries(
      Object.entries(workers).map(([name, worker]) => [
        name,
        { visibilityTimeoutSeconds: 6 * worker.timeoutSeconds, ...worker },
      ]),
    ),
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, fn]) => [name, { ...fn, statements: names(fn.statements) }]),
    ),
    queues: Object.fromEntries(Object.entries(queues).filter(([name]) => !listeners.includes(name))),
    topics: Object.keys(topics),
    tables,
    hasApprovers: approvers.length > 0,
  };
}

describe.each(readdirSync(examples))('%s', (name) => {
  const folder = join(examples, name);

  test('runs locally on what its main.tf deploys', async () => {
    const { definitionVariables: _variables, ...made } = await readMade(folder);
    expect(localMade(readWorkflow(folder).needs)).toEqual(made);
  });

  test('gives its definition the same variables here as there', async () => {
    const { definitionVariables } = await readMade(folder);
    const text = readFileSync(join(folder, 'workflow.asl.json'), 'utf8');
    const used = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => String(variable)));
    expect(definitionVariables).toEqual(Object.fromEntries([...used].map((variable) => [variable, `\${${variable}}`])));
  });
});

test('dead letters wait as long here as in the module queue-worker', async () => {
  const { resource } = await readHcl(resolve(examples, '../terraform/modules/queue-worker/main.tf'));
  const { aws_sqs_queue, aws_lambda_event_source_mapping } = resource as Record<string, Record<string, object[]>>;
  expect(aws_sqs_queue?.['dead_letters']?.[0]).toMatchObject({
    visibility_timeout_seconds: DEAD_LETTERS.visibilityTimeoutSeconds,
    message_retention_seconds: DEAD_LETTERS.messageRetentionSeconds,
  });
  expect(aws_lambda_event_source_mapping?.['dead_letters']?.[0]).toMatchObject({ batch_size: DEAD_LETTERS.batchSize });
});
