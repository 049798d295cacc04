/**
 * Turns what passes through the local AWS into the lines of a run's timeline. Pure: one observed call in, at most one entry out.
 * It shows callbackIds and never a task token.
 */
import type { ObservedCall } from '@baton/local-aws';
import { names } from '@baton/local-platform';

export interface Entry {
  readonly kind: 'step' | 'progress' | 'good' | 'bad';
  readonly title: string;
  readonly detail: string;
}

export function entryOf(call: ObservedCall): Entry | undefined {
  switch (`${call.service}:${call.action}`) {
    case 'states:StartExecution':
      return call.error ? undefined : step('execution started', text(call.output, 'executionArn').split(':').at(-1) ?? '');
    case 'dynamodb:PutItem':
      return call.error || !isCallbackRow(call.input)
        ? undefined
        : step('callback stored', `callbackId ${text(call.input, 'Item', 'pk', 'S')}`);
    case 'ssm:SendCommand':
      return call.error
        ? bad('command refused', `${call.error.code}: ${call.error.message}`)
        : step('command sent', `${text(call.output, 'Command', 'CommandId')} to host ${text(call.input, 'InstanceIds', '0')}`);
    case 'ssm:CancelCommand':
      return step('command cancelled', text(call.input, 'CommandId'));
    case 'states:SendTaskSuccess':
    case 'states:SendTaskFailure':
      return call.error
        ? bad(call.action, `refused: ${call.error.code}`)
        : { kind: call.action === 'SendTaskSuccess' ? 'good' : 'bad', title: call.action, detail: 'accepted' };
    default:
      return call.service === 'execute-api' ? requestEntry(call) : undefined;
  }
}

/** Requests of hosts and workers at the completer's HTTP door. */
function requestEntry(call: ObservedCall): Entry | undefined {
  const answer = text(call.output, 'body', 'answer') || `HTTP ${text(call.output, 'statusCode')}`;
  const reason = text(call.output, 'body', 'reason');
  switch (call.action.split('/').at(-1)) {
    case 'claim':
      return answer === 'granted'
        ? step('claim granted', 'the host runs the job')
        : bad(`claim: ${answer}`, reason || text(call.output, 'body', 'message'));
    case 'heartbeat': {
      const progress = at(call.input, ['body', 'progress']);
      if (answer !== 'continue') return bad('heartbeat', [answer, reason].filter(Boolean).join(': '));
      return { kind: 'progress', title: 'heartbeat', detail: progress === undefined ? '' : describeProgress(progress) };
    }
    case 'success':
      return step('success reported', answer);
    case 'failure':
      return { kind: 'bad', title: 'failure reported', detail: `${text(call.input, 'body', 'error')} (${answer})` };
    default:
      return undefined;
  }
}

export function describeProgress(progress: unknown): string {
  if (typeof progress !== 'object' || progress === null) return JSON.stringify(progress);
  return Object.entries(progress)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

const step = (title: string, detail: string): Entry => ({ kind: 'step', title, detail });
const bad = (title: string, detail: string): Entry => ({ kind: 'bad', title, detail });

const isCallbackRow = (input: unknown): boolean =>
  text(input, 'TableName') === names.table && text(input, 'Item', 'sk', 'S') === 'callback';

function at(value: unknown, path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function text(value: unknown, ...path: string[]): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : found === undefined || found === null ? '' : JSON.stringify(found);
}
