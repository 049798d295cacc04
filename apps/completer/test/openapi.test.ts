import { readFileSync } from 'node:fs';
import { BatonError, WORK_SECRET_HEADER } from '@baton/token-lib';
import { malformedRuns, malformedText, sampleQueueWork, RUN_ID, workSecretText } from '@baton/token-lib/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { errorsAsJson } from '../src/http/errors-as-json.ts';
import { userArn, world } from './world.ts';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': { readonly schema: object } } }>
  >;
}
const { paths } = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

const samples = [
  { runId: RUN_ID, commandId: 'command-1', bootId: 'boot-1' },
  { runId: RUN_ID, progress: { percent: 3 } },
  { output: { rows: 3 } },
  { error: 'JobFailed', cause: 'why' },
];
const bodies = fc.oneof(malformedText(...samples), fc.constantFrom(...samples.map((sample) => JSON.stringify(sample))));

/** What API Gateway would be given: the answer, or the refusal that an error becomes. */
async function respond(
  answer: () => Promise<{ status: number; body: object }>,
): Promise<{ status: number; body: unknown }> {
  try {
    const { status, body } = await answer();
    return { status, body: JSON.parse(JSON.stringify(body)) as unknown };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    const request = { error, response: undefined as { statusCode: number; body: string } | undefined };
    await errorsAsJson(() => undefined).onError?.(request as never);
    return { status: request.response?.statusCode ?? 0, body: JSON.parse(request.response?.body ?? 'null') as unknown };
  }
}

test.each(operations)('%s answers generated requests as docs/openapi.json has it', async (route, { responses }) => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(bodies, fc.boolean(), fc.boolean(), async (body, ofHost, twice) => {
      const here = world();
      const { callbackId } = ofHost ? await here.dispatch() : await here.dispatchWork(sampleQueueWork());
      const headers = { [WORK_SECRET_HEADER]: workSecretText('first') };
      const ask = () =>
        respond(() =>
          here.request(
            route,
            callbackId,
            body,
            ofHost ? undefined : userArn('worker', 'baton-worker'),
            ofHost ? {} : headers,
          ),
        );
      if (twice) await ask();
      const { status, body: said } = await ask();
      statuses.add(status);
      const schema = responses[status]?.content['application/json'].schema;
      expect(schema, `${route} answered ${status} ${JSON.stringify(said)}`).toBeDefined();
      expect(z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(said).error?.issues).toBeUndefined();
    }),
    malformedRuns(60),
  );
  expect([...statuses].filter((status) => status < 300)).not.toEqual([]);
});
