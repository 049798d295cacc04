/**
 * Whatever is sent, each handler answers what the sender did (never 5xx), or refuses by a name of its own, and no token stands in an
 * answer or in the log. How often: `malformedRuns`.
 */
import { BatonError, signLink, WORK_SECRET_HEADER } from '@baton/token-lib';
import {
  holdsToken,
  malformed,
  malformedRuns,
  malformedText,
  RUN_ID,
  INSTANCE_ID,
  sampleApprovalWork,
  sampleQueueWork,
  START,
  workSecretText,
} from '@baton/token-lib/testing';
import middy from '@middy/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toResponse, type HttpResponse } from '../src/api-gateway.ts';
import { handleDestination } from '../src/handle-destination.ts';
import { handleEvent } from '../src/handle-event.ts';
import { handleSchedule } from '../src/handle-schedule.ts';
import { errorsAsJson } from '../src/http/errors-as-json.ts';
import { handleHttp } from '../src/http/handle-http.ts';
import { answerApproval } from '../src/link/handle-approval.ts';
import { handleWebhook } from '../src/link/handle-webhook.ts';
import { handleQueue } from '../src/queue/handle-queue.ts';
import { COMPLETIONS, DEAD, HOSTS, userArn, world, type World } from './world.ts';

const runs = malformedRuns(100);
const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** What was logged holds no token, and names no error but Baton's own. */
function checkLog({ logged }: World): void {
  const lines = logged.map(text).join('\n');
  expect(holdsToken(lines)).toBe(false);
  expect(lines).not.toMatch(/"(error|name)":"(\w*Error|unknown)"/);
}

/** A refusal by name is an answer; anything else is an error that nobody has thought of. */
async function refusedByName(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(BatonError);
    expect((error as BatonError).code).toMatch(/^(InvalidRequest|Forbidden)$/);
    expect(holdsToken(String(error))).toBe(false);
  }
}

const asJson = (here: World, handle: (event: unknown) => Promise<Parameters<typeof toResponse>[0]>) => {
  const handler = middy<unknown, HttpResponse>()
    .use(errorsAsJson(here.ports.log))
    .handler(async (event) => toResponse(await handle(event)));
  return (event: unknown) => handler(event, {} as never);
};

function checkResponse(here: World, { statusCode, body }: HttpResponse): void {
  expect(statusCode).toBeLessThan(500);
  expect(holdsToken(body)).toBe(false);
  checkLog(here);
}

describe('malformed inputs', () => {
  const bodies = [
    { runId: RUN_ID, commandId: 'command-1', bootId: 'boot-1' },
    { runId: RUN_ID, progress: { rows: 5, of: { deep: [1, { x: 2 }] } } },
    { runId: RUN_ID, output: { rows: [1, 2, { three: 4 }] } },
    { runId: RUN_ID, error: 'Odd', cause: 'why' },
  ];
  const verbs = fc.constantFrom('claim', 'heartbeat', 'success', 'failure');

  it('of hosts and workers over HTTP', async () => {
    const input = fc.record({
      verb: verbs,
      body: malformedText(...bodies),
      isBase64Encoded: fc.boolean(),
      isHost: fc.boolean(),
      change: fc.option(malformed({ routeKey: 'x', headers: {}, pathParameters: { callbackId: 'x' } }), { freq: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ verb, body, isBase64Encoded, isHost, change }) => {
        const here = world();
        const { callbackId } = isHost ? await here.dispatch() : await here.dispatchWork(sampleQueueWork());
        if (isHost) await here.claim(callbackId);
        const arn = isHost ? userArn(INSTANCE_ID) : userArn('session', 'baton-worker');
        const event = {
          routeKey: `POST /callbacks/{callbackId}/${verb}`,
          headers: { [WORK_SECRET_HEADER]: workSecretText() },
          pathParameters: { callbackId },
          body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
          isBase64Encoded,
          requestContext: {
            timeEpoch: here.clock.now,
            authorizer: { iam: { accountId: HOSTS.accountId, userArn: arn } },
          },
          ...(typeof change === 'object' ? change : {}),
        };
        checkResponse(here, await asJson(here, (each) => handleHttp(here.ports, HOSTS, each))(event));
      }),
      runs,
    );
  });

  it('of approvers, who hold a link', async () => {
    const input = fc.record({
      method: fc.constantFrom('POST', 'GET', 'HEAD', 'DELETE', ''),
      contentType: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', ''),
      body: fc.oneof(
        malformedText({ decision: 'approved', comment: 'x' }),
        fc
          .tuple(fc.constantFrom('approved', 'denied', ''), fc.string({ unit: 'binary', maxLength: 1_100 }))
          .map(([decision, comment]) => `decision=${decision}&comment=${comment}`),
      ),
      link: fc.option(fc.string({ maxLength: 200 }), { freq: 5 }),
      approver: fc.nat(99),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ method, contentType, body, link, approver }) => {
        const here = world();
        const { callbackId, deadline: expiresAt } = await here.dispatchWork(sampleApprovalWork());
        const signed = await signLink(here.linkKeys, {
          purpose: 'approval',
          callbackId,
          approver: approver % 4,
          expiresAt,
        });
        const event = {
          headers: { 'content-type': contentType },
          pathParameters: { link: link ?? signed },
          body,
          requestContext: { timeEpoch: here.clock.now, http: { method } },
        };
        checkResponse(here, await answerApproval(() => here.ports, here.ports.log, event));
      }),
      runs,
    );
  });

  it('of partners, who hold a link', async () => {
    const body = malformedText(
      { status: 'success', output: { rows: [1, { x: 2 }] } },
      { status: 'failure', error: 'Odd', cause: 'why' },
    );
    const contentType = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain');
    const work = { kind: 'webhook', url: 'https://partner.test/', payload: 1, timeoutSeconds: 3600 } as const;
    await fc.assert(
      fc.asyncProperty(body, contentType, async (sent, type) => {
        const here = world();
        const { callbackId, deadline: expiresAt } = await here.dispatchWork(work);
        const event = {
          headers: { 'content-type': type },
          pathParameters: { link: await signLink(here.linkKeys, { purpose: 'webhook', callbackId, expiresAt }) },
          body: sent,
          requestContext: { timeEpoch: here.clock.now, http: { method: 'POST' } },
        };
        checkResponse(here, await asJson(here, (each) => handleWebhook(here.ports, each))(event));
      }),
      runs,
    );
  });

  it.each([
    ['the completions queue', COMPLETIONS],
    ['a dead-letter queue', DEAD],
  ])('of messages on %s', async (_, queue) => {
    const reports = (address: object) => [
      { ...address, type: 'success', output: { rows: 1 } },
      { ...address, type: 'failure', error: 'Odd', cause: 'why' },
      { ...address, type: 'heartbeat', progress: { rows: 5 } },
      { ...address, type: 'tell' },
      { ...address, taskToken: 'x', work: { number: 4 } },
    ];
    const { callbackId } = await world().dispatchWork(sampleQueueWork());
    const body = malformedText(...reports({ callbackId, workSecret: workSecretText() }));
    await fc.assert(
      fc.asyncProperty(body, fc.option(malformed(callbackId)), async (sent, attribute) => {
        const here = world();
        await here.dispatchWork(sampleQueueWork());
        const message = {
          messageId: 'message-1',
          body: sent,
          attributes: { ApproximateReceiveCount: '4' },
          messageAttributes: typeof attribute === 'string' ? { callbackId: { stringValue: attribute } } : {},
          eventSourceARN: queue,
        };
        const answer = await handleQueue(here.ports, COMPLETIONS, { Records: [message] }, START);
        expect([[], [{ itemIdentifier: 'message-1' }]]).toContainEqual(answer.batchItemFailures);
        checkLog(here);
      }),
      runs,
    );
  });

  it('of on-failure destinations', async () => {
    const { callbackId } = await world().dispatchWork(sampleQueueWork());
    const failed = {
      timestamp: new Date(START).toISOString(),
      requestContext: { functionArn: 'arn:f', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { callbackId, workSecret: workSecretText(), payload: { n: 1 } },
      responsePayload: { errorType: 'Odd', errorMessage: '7 is odd' },
    };
    await fc.assert(
      fc.asyncProperty(malformed(failed), async (event) => {
        const here = world();
        await here.dispatchWork(sampleQueueWork());
        await refusedByName(() => handleDestination(here.ports, event));
        checkLog(here);
      }),
      runs,
    );
  });

  it('of AWS, on the bus', async () => {
    const time = new Date(START).toISOString();
    const { context } = await world().dispatch();
    const events = [
      [
        'EC2 Command Invocation Status-change Notification',
        { 'command-id': 'command-1', 'instance-id': INSTANCE_ID, status: 'Failed' },
      ],
      ['EC2 Instance State-change Notification', { 'instance-id': INSTANCE_ID, state: 'terminated' }],
      ['EC2 Spot Instance Interruption Warning', { 'instance-id': INSTANCE_ID, 'instance-action': 'terminate' }],
      [
        'Step Functions Execution Status Change',
        { executionArn: context.executionArn, status: 'ABORTED', stopDate: START },
      ],
    ].map(([type, detail]) => ({ 'detail-type': type, time, detail }));
    await fc.assert(
      fc.asyncProperty(malformed(...events), async (event) => {
        const here = world();
        await here.dispatch();
        await refusedByName(() => handleEvent(here.ports, event));
        checkLog(here);
      }),
      runs,
    );
  });

  it('of the clock', async () => {
    const written: string[] = [];
    const write = (line: string) => void written.push(line);
    const pendingSubscriptions = async () => 0;
    const tick = { functionName: 'schedule', clock: () => START, endsAt: START + 60_000, pendingSubscriptions, write };
    await fc.assert(
      fc.asyncProperty(malformed({ time: new Date(START).toISOString() }), async (event) => {
        const here = world();
        await here.dispatch();
        await refusedByName(() => handleSchedule(here.ports, event, tick));
        checkLog(here);
      }),
      runs,
    );
  });
});
