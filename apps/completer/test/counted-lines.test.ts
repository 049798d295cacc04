/** The lines that the alarms of terraform/modules/platform count are the ones that the handlers write. */
import { readFileSync } from 'node:fs';
import { jsonLog, seconds } from '@baton/token-lib';
import { expect, it } from 'vitest';
import { running, type World } from './world.ts';

const alarms = readFileSync(new URL('../../../terraform/modules/platform/alarms.tf', import.meta.url), 'utf8');
const phrases = [...alarms.matchAll(/^ {4}([\w-]+) = \{\n +phrase += (".*")$/gm)].map(
  ([, name = '', text = '']) => [name, JSON.parse(text) as string] as const,
);

/** Whom a line wakes: the alarm with the longest phrase that it holds. */
function counted({ logged }: World): string[] {
  const lines: string[] = [];
  const log = jsonLog((line) => lines.push(line));
  for (const line of logged) log(...(line as Parameters<typeof log>));
  return lines
    .flatMap((line) => {
      const held = phrases.filter(([, phrase]) => line.includes(phrase));
      return held.sort(([, a], [, b]) => b.length - a.length).slice(0, 1);
    })
    .map(([name]) => name);
}

it('two outcomes of one run are a conflict', async () => {
  const here = await running();
  await here.success(here.callbackId, 1);
  expect(counted(here)).toEqual([]);
  await here.failure(here.callbackId, 'Job.Failed');
  expect(counted(here)).toEqual(['conflicts']);
});

it('an outcome whose history cannot be read is unconfirmed, at each attempt', async () => {
  const here = await running();
  here.stepFunctions.faults.push('answer lost');
  const { fateOf } = here.stepFunctions.executions;
  here.stepFunctions.executions.fateOf = async () => ({ fate: 'unknown', why: 'KmsAccessDeniedException' });
  await here.success(here.callbackId, 1);
  expect(counted(here)).toEqual(['settling-slowly', 'unconfirmed']);

  here.stepFunctions.executions.fateOf = fateOf;
  here.clock.now += seconds(600);
  await here.tick();
  expect(counted(here)).toEqual(['settling-slowly', 'unconfirmed']);
  expect(here.row(here.callbackId)).toMatchObject({ state: 'Settled' });
});

it('an outcome that Step Functions may not take from this role needs an operator', async () => {
  const here = await running();
  here.stepFunctions.faults.push({ answer: 'denied', error: 'AccessDeniedException' });
  await here.success(here.callbackId, 1);
  expect(counted(here)).toEqual(['operator-needed']);
});
