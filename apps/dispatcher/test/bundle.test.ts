/** The module that Terraform ships, as Lambda loads it. Nx builds it before this test; by hand: `nx build dispatcher`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modulesAtStart, sampleContext, sampleWork, tokenText } from '@baton/token-lib/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const bundle = new URL('../dist/main.mjs', import.meta.url);
const wiring = new URL('../../../terraform/modules/platform/wiring/functions.json', import.meta.url);
const { dispatcher } = JSON.parse(readFileSync(wiring, 'utf8')) as {
  dispatcher: { handler: string; environment: Record<string, string>; environmentOnceDeployed: Record<string, string> };
};
const variables = Object.keys({ ...dispatcher.environment, ...dispatcher.environmentOnceDeployed });

const VALUES: Readonly<Record<string, string>> = { BATON_LOOPBACK_WEBHOOKS: 'refuse', BATON_WEBHOOK_ALLOW: 'none' };

type Handler = (event: unknown, context: object) => Promise<unknown>;
const load = async (): Promise<Handler> => {
  const loaded = (await import(/* @vite-ignore */ `${bundle.href}?${Math.random()}`)) as Record<string, Handler>;
  return loaded[dispatcher.handler.split('.')[1]!]!;
};
const context = { invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:dispatcher' };
const payload = { taskToken: tokenText('first'), context: sampleContext(), work: sampleWork() };

describe.skipIf(!existsSync(bundle))('the built bundle (skipped where it is not built: nx build dispatcher)', () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    for (const name of variables) vi.stubEnv(name, VALUES[name] ?? 'set');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('starts with less than 250 KB: of the clients, that of the table', () => {
    const sizes = [...modulesAtStart(fileURLToPath(bundle))].map((file) => statSync(file).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250 * 1024);
  });

  it('fails a task by a name that its state machine can catch, tidily, and prints no token (L3)', async () => {
    const handler = await load();
    const error: unknown = await handler({ ...payload, work: { kind: 'fax' } }, context).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      name: 'Baton.UnknownWorkKind',
      message: 'work.kind must be one of: ssm, queue, lambda, approval, webhook',
    });
    expect((error as Error).stack).toBe(
      'Baton.UnknownWorkKind: work.kind must be one of: ssm, queue, lambda, approval, webhook',
    );
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0]!)).toMatchObject({ message: 'not dispatched', error: 'Baton.UnknownWorkKind' });
  });

  it('says no more than a name of what it cannot reach', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const handler = await load();
    await expect(handler(payload, context)).rejects.toMatchObject({ name: 'Baton.Unavailable' });
    expect(printed.join()).not.toContain(tokenText('first').slice(0, 20));
  });

  it.each(variables)('says that %s is missing', async (missing) => {
    vi.stubEnv(missing, undefined);
    const handler = await load();
    await expect(handler(payload, context)).rejects.toMatchObject({
      name: 'Baton.Misconfigured',
      message: expect.stringContaining(missing) as string,
    });
  });
});
