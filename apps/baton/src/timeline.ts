/**
 * Turns what passes through the local AWS into the lines of a run's timeline. Pure: one observed call in, at most one entry out.
 * It shows callbackIds and never a task token.
 */
import type { ObservedCall } from '@baton/local-aws';
import { doorRequest, names, type DoorRequest } from '@baton/local-platform';

export interface Entry {
  readonly kind: 'step' | 'progress' | 'good' | 'bad';
  readonly title: string;
  readonly detail: string;
}

export function entryOf(call: ObservedCall): Entry | undefined {
  const request = doorRequest(call);
  switch (`${call.service}:${call.action}`) {
    case 'states:StartExecution':
      return call.error
        ? undefined
        : step('execution started', text(call.output, 'executionArn').split(':').at(-1) ?? '');
    case 'dynamodb:PutItem':
      return call.error ? undefined : rowEntry(call.input);
    case 'ssm:SendCommand':
      return call.error
        ? bad('command refused', `${call.error.code}: ${call.error.message}`)
        : step(
            'command sent',
            `${text(call.output, 'Command', 'CommandId')} to host ${text(call.input, 'InstanceIds', '0')}`,
          );
    case 'ssm:CancelCommand':
      return step('command cancelled', text(call.input, 'CommandId'));
    case 'states:SendTaskSuccess':
    case 'states:SendTaskFailure':
      return call.error
        ? bad(call.action, `refused: ${call.error.code}`)
        : { kind: call.action === 'SendTaskSuccess' ? 'good' : 'bad', title: call.action, detail: 'accepted' };
    default:
      return request && requestEntry(request);
  }
}

/** Writes of a callback's row. What is told to Step Functions is stored first. */
function rowEntry(input: unknown): Entry | undefined {
  if (text(input, 'TableName') !== names.table || text(input, 'Item', 'sk', 'S') !== 'callback') return undefined;
  switch (text(input, 'Item', 'state', 'S')) {
    case 'Stored':
      return isInsert(input) ? step('callback stored', `callbackId ${text(input, 'Item', 'pk', 'S')}`) : undefined;
    case 'Settling':
      return step('report stored', text(input, 'Item', 'outcome', 'M', 'type', 'S'));
    default:
      return undefined;
  }
}

/** Requests of hosts at the completer's HTTP door. */
function requestEntry({ verb, request, status, answer }: DoorRequest): Entry | undefined {
  const said = text(answer, 'answer') || `HTTP ${status} ${text(answer, 'message')}`.trim();
  const reason = text(answer, 'reason');
  switch (verb) {
    case 'claim':
      return said === 'granted' ? step('claim granted', 'the host runs the job') : bad(`claim: ${said}`, reason);
    case 'heartbeat': {
      if (said !== 'continue') return bad('heartbeat', [said, reason].filter(Boolean).join(': '));
      const detail = request['progress'] === undefined ? '' : describeProgress(request['progress']);
      return { kind: 'progress', title: 'heartbeat', detail };
    }
    case 'success':
    case 'failure':
      return said === 'applied' ? undefined : bad(`${verb} reported`, `${text(request, 'error')} ${said}`.trim());
    default:
      return undefined;
  }
}

const BAR_WIDTH = 24;

/** Progress is the job's own JSON object; one number beside an `of` becomes a bar. */
export function describeProgress(progress: unknown): string {
  if (typeof progress !== 'object' || progress === null) return JSON.stringify(progress);
  const { of, ...rest } = progress as Record<string, unknown>;
  const [name, done] = Object.entries(rest)[0] ?? [];
  if (typeof of === 'number' && typeof done === 'number' && of > 0) {
    const share = Math.min(1, Math.max(0, done / of));
    const full = Math.round(share * BAR_WIDTH);
    return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.floor(share * 100)} %  ${done} of ${of} ${name}`;
  }
  return Object.entries(progress)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

const step = (title: string, detail: string): Entry => ({ kind: 'step', title, detail });
const bad = (title: string, detail: string): Entry => ({ kind: 'bad', title, detail });

const isInsert = (input: unknown): boolean => text(input, 'ConditionExpression').startsWith('attribute_not_exists');

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
