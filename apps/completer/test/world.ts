/** The completer's handlers over fakes, and a host that talks to them. */
import {
  becomeLatestAttempt,
  change,
  type CallbackId,
  dispatched,
  type Log,
  type Measures,
  type Millis,
  reconcile,
  type Shift,
  type Stored,
  type Work,
} from '@baton/token-lib';
import {
  crashingTable,
  fakeCommands,
  fakeHosts,
  fakeMac,
  fakeReminders,
  fakeStepFunctions,
  INSTANCE_ID,
  RUN_ID,
  sampleRow,
  sampleWork,
  START,
} from '@baton/token-lib/testing';
import { handleDestination } from '../src/handle-destination.ts';
import { handleEvent } from '../src/handle-event.ts';
import { handleHttp } from '../src/http/handle-http.ts';
import { handleApproval } from '../src/link/handle-approval.ts';
import { handleWebhook } from '../src/link/handle-webhook.ts';
import { handleQueue } from '../src/queue/handle-queue.ts';

export const HOSTS = { accountId: '111122223333', hostRoleNames: ['baton-host'], workerRoleNames: ['baton-worker'] };
export const COMPLETIONS = 'arn:aws:sqs:eu-central-1:111122223333:baton-completions';
export const DEAD = 'arn:aws:sqs:eu-central-1:111122223333:jobs-dead';
export const userArn = (session: string, role = 'baton-host', account = HOSTS.accountId): string =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;

export function world() {
  const { table, crashAt, disarm } = crashingTable();
  const commands = fakeCommands();
  const { hosts, states: hostStates } = fakeHosts();
  const stepFunctions = fakeStepFunctions();
  const clock = { now: START };
  const logged: unknown[] = [];
  const measured: Measures[] = [];
  const log: Log = (...line) => logged.push(line);
  const { tasks, executions } = stepFunctions;
  const linkKeys = { mac: fakeMac(), keyIds: ['alias/links'] } as const;
  const reminders = fakeReminders();
  const pauses: Millis[] = [];
  const pause = async (duration: Millis): Promise<void> => {
    pauses.push(duration);
    clock.now += duration;
  };
  const { observer, sender } = commands;
  const ports = { ...table, tasks, executions, log, linkKeys, observer, hosts, sender, reminders, pause };
  const isoNow = (at: Millis = clock.now): string => new Date(at).toISOString();

  const request = (
    routeKey: string,
    callbackId: string,
    body?: unknown,
    arn = userArn(INSTANCE_ID),
    headers: Readonly<Record<string, string>> = {},
  ) =>
    handleHttp(ports, HOSTS, {
      routeKey,
      headers,
      pathParameters: { callbackId },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      requestContext: {
        timeEpoch: clock.now,
        authorizer: { iam: { accountId: arn.split(':')[4] ?? '', userArn: arn } },
      },
    });
  const post = (verb: string, callbackId: string, body: unknown, arn?: string, headers?: Record<string, string>) =>
    request(`POST /callbacks/{callbackId}/${verb}`, callbackId, body, arn, headers);
  const event = (type: string, detail: object, time = isoNow()) =>
    handleEvent(ports, { 'detail-type': type, time, detail });

  const linkEvent = (link: string, method: string, body: string | undefined, contentType: string) => ({
    headers: { 'content-type': contentType },
    pathParameters: { link },
    ...(body !== undefined && { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
    requestContext: { timeEpoch: clock.now, http: { method } },
  });

  return {
    table,
    commands,
    hostStates,
    stepFunctions,
    clock,
    /** How long this program waited, and what it wanted to be reminded of. */
    pauses,
    reminders,
    logged,
    request,
    post,
    row: (callbackId: CallbackId) => table.rows.get(callbackId),
    crashAt,
    disarm,

    /** As the dispatcher does: stores the row, closes the attempt before, sends the command. */
    async dispatch(name = 'first', retryCount = 0, work: Work = sampleWork()): Promise<Stored> {
      const made = sampleRow(name, { retryCount }, 0, work);
      const row = { ...made, createdAt: clock.now, deadline: clock.now + 3_600_000, dueAt: clock.now + 35_000 };
      await table.store.insert(row);
      const { callbackId } = row;
      const leading = await becomeLatestAttempt({ ...table, clock: () => clock.now }, row);
      if (leading.state !== 'Stored') return row;
      const sent = await commands.sender.send({ callbackId, instanceId: INSTANCE_ID, timeoutSeconds: 3600 });
      if (sent.answer === 'sent') await change(table.store, leading, (current) => dispatched(current, sent.commandId));
      return row;
    },
    /** As the dispatcher does for work that is bound to no host; the release before this one sent no secret with it. */
    async dispatchWork(work: Work, name = 'first', release: 'this' | 'before' = 'this'): Promise<Stored> {
      const { workSecretHash, ...made } = sampleRow(name, {}, 0, work);
      const row: Stored = release === 'this' ? { ...made, workSecretHash } : made;
      await table.store.insert(row);
      await change(table.store, row, (current) => dispatched(current, 'receipt-1'));
      return row;
    },
    linkKeys,
    ports,
    queue: (messages: readonly { body: unknown; attribute?: string; from?: string; receives?: number }[]) =>
      handleQueue(
        ports,
        COMPLETIONS,
        {
          Records: messages.map(({ body, attribute, from = COMPLETIONS, receives = 4 }, index) => ({
            messageId: `message-${index}`,
            body: typeof body === 'string' ? body : JSON.stringify(body),
            attributes: { ApproximateReceiveCount: String(receives) },
            messageAttributes: attribute === undefined ? {} : { callbackId: { stringValue: attribute } },
            eventSourceARN: from,
          })),
        },
        clock.now,
      ),
    destination: (event: object) => handleDestination(ports, { timestamp: isoNow(), ...event }),
    approvals: (link: string, method = 'GET', body?: string, contentType = 'application/x-www-form-urlencoded') =>
      handleApproval(ports, linkEvent(link, method, body, contentType)),
    webhooks: (link: string, body: unknown, contentType = 'application/json') =>
      handleWebhook(
        ports,
        linkEvent(link, 'POST', typeof body === 'string' ? body : JSON.stringify(body), contentType),
      ),
    claim: (callbackId: CallbackId, over: object = {}) =>
      post('claim', callbackId, {
        runId: RUN_ID,
        bootId: 'boot-1',
        commandId: commands.sent.find((command) => command.callbackId === callbackId)?.commandId ?? 'none',
        ...over,
      }),
    heartbeat: (callbackId: CallbackId, runId = RUN_ID, progress?: object) =>
      post('heartbeat', callbackId, { runId, progress }),
    success: (callbackId: CallbackId, output: unknown, runId = RUN_ID) =>
      post('success', callbackId, { runId, output }),
    failure: (callbackId: CallbackId, error: string, runId = RUN_ID) =>
      post('failure', callbackId, { runId, error, cause: 'why' }),

    commandEnded: (callbackId: CallbackId, status = 'Failed') =>
      event('EC2 Command Invocation Status-change Notification', {
        'command-id': commands.sent.find((command) => command.callbackId === callbackId)?.commandId ?? 'none',
        'instance-id': INSTANCE_ID,
        status,
      }),
    hostEnded: (state = 'terminated', time?: string) =>
      event('EC2 Instance State-change Notification', { 'instance-id': INSTANCE_ID, state }, time),
    spotWarning: () =>
      event('EC2 Spot Instance Interruption Warning', { 'instance-id': INSTANCE_ID, 'instance-action': 'terminate' }),
    executionEnded: (executionArn: string, stopDate = clock.now) =>
      event('Step Functions Execution Status Change', { executionArn, status: 'ABORTED', stopDate }),
    event,
    tick: async () => void measured.push(await reconcile(ports, clock.now)),
    reconcile: (shift: Shift) => reconcile(ports, clock.now, shift),
    /** What each run of the reconciler has measured. */
    measured,
  };
}
export type World = ReturnType<typeof world>;

/** A world with one callback, whose job runs on a host. */
export async function running() {
  const here = world();
  const row = await here.dispatch();
  await here.claim(row.callbackId);
  return { ...here, ...row };
}
