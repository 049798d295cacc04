/** The module that Terraform ships, as Lambda loads it. Nx builds it before this test; by hand: `nx build completer`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { INSTANCE_ID, modulesAtStart, sampleRow } from '@baton/token-lib/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOSTS, userArn } from './world.ts';

const bundle = new URL('../dist/main.mjs', import.meta.url);
const wiring = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../terraform/modules/platform/wiring/${file}`, import.meta.url), 'utf8'));

interface WiredFunction {
  readonly bundle: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentOnceDeployed: Readonly<Record<string, string>>;
}
const functions = Object.entries(wiring('functions.json') as Record<string, WiredFunction>).filter(
  ([, { bundle }]) => bundle === 'completer',
);
type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;
const load = async (): Promise<Record<string, Handler>> => {
  return (await import(/* @vite-ignore */ `${bundle.href}?${Math.random()}`)) as Record<string, Handler>;
};

/** As API Gateway sends it. */
const request = (callbackId: string, body: string) => ({
  version: '2.0',
  routeKey: 'POST /callbacks/{callbackId}/claim',
  headers: { 'content-type': 'application/json' },
  pathParameters: { callbackId },
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
  requestContext: { timeEpoch: 0, authorizer: { iam: { accountId: HOSTS.accountId, userArn: userArn(INSTANCE_ID) } } },
});

describe.skipIf(!existsSync(bundle))('the built bundle (skipped where it is not built: nx build completer)', () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    vi.stubEnv('AWS_REGION', 'eu-central-1');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('starts with less than 260 KB: of the clients, that of the table', () => {
    const sizes = [...modulesAtStart(fileURLToPath(bundle))].map((file) => statSync(file).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(260 * 1024);
  });

  it.each(functions)('has the handler of %s', async (_, { handler }) => {
    const [file, name] = handler.split('.');
    expect(file).toBe('main');
    expect((await load())[name!]).toBeTypeOf('function');
  });

  it('answers in the form that hosts understand, bad input before anything else', async () => {
    vi.stubEnv('BATON_TABLE_NAME', 'callbacks');
    vi.stubEnv('BATON_COMPLETIONS_QUEUE_URL', 'https://sqs.eu-central-1.amazonaws.com/111122223333/completions');
    vi.stubEnv('BATON_HOST_ACCOUNT_ID', HOSTS.accountId);
    vi.stubEnv('BATON_HOST_ROLE_NAMES', 'baton-host, other');
    vi.stubEnv('BATON_WORKER_ROLE_NAMES', 'baton-worker');
    const { http } = await load();
    const malformed = await http!(request('not-an-id', '{}'), {});
    expect(malformed).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(malformed.body)).toEqual({ error: 'InvalidRequest', message: 'callbackId: not a callbackId' });
    const noJson = await http!(request(sampleRow().callbackId, '{"runId":'), {});
    expect(noJson).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(noJson.body)).toMatchObject({ error: 'InvalidRequest', message: 'the body must be JSON' });
  });

  it.each(functions)('says which variable %s lacks', async (name, { handler, ...given }) => {
    const variables = Object.keys({ ...given.environment, ...given.environmentOnceDeployed });
    for (const missing of variables) {
      for (const variable of variables) {
        const value = variable === 'BATON_HOST_ACCOUNT_ID' ? HOSTS.accountId : 'set';
        vi.stubEnv(variable, variable === missing ? undefined : value);
      }
      const handle = (await load())[handler.split('.')[1]!]!;
      const event =
        name === 'completer-http' ? request(sampleRow().callbackId, '{}') : { time: '2026-03-01T12:00:00Z' };
      const said = await handle(event, {}).then((answer) => answer.body, String);
      expect(said + printed.join()).toContain(missing);
      if (name === 'completer-http') expect(said).not.toContain(missing);
    }
  });
});
