/**
 * The handler of what AWS observes, by way of EventBridge: something has ended. The operations say what follows; here
 * events are parsed.
 */
import {
  CallbackId,
  type Millis,
  observeCommandEnd,
  observeExecutionEnd,
  observeHostEnd,
  observeHostWarning,
  type ObservePorts,
  parse,
  recordUnreached,
} from '@baton/token-lib';
import * as z from 'zod/mini';

/** A name or a status of AWS's. What is longer may hold anything, and names and statuses are logged (L3). */
const word = z.string().check(z.maxLength(100));

const AwsEvent = z.object({ 'detail-type': word, time: z.iso.datetime(), detail: z.unknown() });

const CommandEnded = z.object({ 'command-id': word, status: word });
const HostEnded = z.object({
  'instance-id': word,
  state: z.enum(['shutting-down', 'terminated', 'stopping', 'stopped']),
});
const SpotWarning = z.object({ 'instance-id': word, 'instance-action': word });
const ExecutionEnded = z.object({
  executionArn: z.string().check(z.maxLength(512)),
  status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  /** Milliseconds since 1970. */
  stopDate: z.nullish(z.number()),
});

/** The tags are those that the mail was sent with. */
const MailFailed = z.object({
  mail: z.object({ tags: z.object({ callbackId: z.array(CallbackId), approver: z.array(z.string()) }) }),
  bounce: z.optional(z.object({ bounceType: word })),
});

/** By detail type, as the rules of wiring/events.json let them through. */
export async function handleEvent(ports: ObservePorts, event: unknown): Promise<void> {
  const { 'detail-type': type, time, detail } = parse(AwsEvent, event);
  const at = Date.parse(time);
  switch (type) {
    case 'EC2 Command Invocation Status-change Notification': {
      const { 'command-id': commandId, status } = parse(CommandEnded, detail);
      return observeCommandEnd(ports, { commandId, status }, at);
    }
    case 'EC2 Instance State-change Notification': {
      const { 'instance-id': instanceId, state } = parse(HostEnded, detail);
      return observeHostEnd(ports, { instanceId, state }, at);
    }
    case 'EC2 Spot Instance Interruption Warning': {
      const { 'instance-id': instanceId, 'instance-action': action } = parse(SpotWarning, detail);
      return observeHostWarning(ports, { instanceId, action }, at);
    }
    case 'Step Functions Execution Status Change': {
      const { executionArn, stopDate } = parse(ExecutionEnded, detail);
      return observeExecutionEnd(ports, { executionArn, stoppedAt: stopDate ?? at }, at);
    }
    case 'Email Bounced':
    case 'Email Complaint Received':
    case 'Email Rejected':
      return observeMail(ports, { type, ...parse(MailFailed, detail) }, at);
    default:
      ports.log('alarm', 'an event that no rule should let through', { type });
  }
}

/** A mailbox that is full or away for a week bounces too: only what is permanent says that nobody will read it. */
async function observeMail(
  ports: ObservePorts,
  { type, bounce, mail }: z.infer<typeof MailFailed> & { readonly type: string },
  at: Millis,
): Promise<void> {
  const [callbackId] = mail.tags.callbackId;
  const row = callbackId === undefined ? undefined : await ports.store.read(callbackId);
  if (bounce !== undefined && bounce.bounceType !== 'Permanent') {
    return ports.log('info', 'a mail bounced for now', { callbackId, bounceType: bounce.bounceType });
  }
  const work = row && (await ports.store.workOf(row));
  const approver = work?.kind === 'approval' ? work.approvers[Number(mail.tags.approver[0])] : undefined;
  if (!row || approver === undefined) return;
  const why = { 'Email Bounced': 'the mail bounced', 'Email Complaint Received': 'the mail was reported as spam' }[
    type
  ];
  await recordUnreached(ports, row, { approver: approver.name, why: why ?? 'SES did not send the mail', at });
}
