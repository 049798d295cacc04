/**
 * Turns calls of the local AWS into the lines of a run's timeline. Pure: one observed call in, at most one entry out. It shows names and ids, but
 * no task token, and no body, which may contain one.
 */
import type { ObservedCall } from '@baton/local-aws';
import { callbackRequest, names, type CallbackRequest } from '@baton/local-platform';

export interface Entry {
  readonly kind: 'step' | 'progress' | 'good' | 'bad';
  readonly title: string;
  readonly detail: string;
}

type Describe = (call: ObservedCall) => Entry | undefined;

/** By service and action. Refused calls are shown only where somebody waits for their effect. */
const describe: Readonly<Record<string, Describe>> = {
  'states:StartExecution': ({ output }) => step('execution started', lastOf(text(output, 'executionArn'), ':')),
  'states:SendTaskSuccess': (call) => taskEntry(call, 'good'),
  'states:SendTaskFailure': (call) => taskEntry(call, 'bad'),
  'dynamodb:PutItem': ({ input }) => rowEntry(input),
  'ssm:SendCommand': ({ input, output, error }) =>
    error
      ? bad('command refused', `${error.code}: ${error.message}`)
      : step('command sent', `${text(output, 'Command', 'CommandId')} to host ${text(input, 'InstanceIds', '0')}`),
  'ssm:CancelCommand': ({ input }) => step('command cancelled', text(input, 'CommandId')),
  'sqs:SendMessage': ({ input }) => step('message sent', `to ${queueOf(input)}`),
  'sqs:ReceiveMessage': ({ input, output }) => receivedEntry(queueOf(input), output),
  'lambda:Invoke': ({ input }) => invokedEntry(lastOf(text(input, 'FunctionName'), ':')),
  'execute-api:GET /approvals/{link}': ({ output }) => linkEntry('page looked at', output),
  'execute-api:POST /approvals/{link}': ({ output }) => linkEntry('decision sent', output),
  'execute-api:POST /webhooks/{link}': ({ output }) => linkEntry('partner called back', output),
  'sns:Publish': ({ input }) => step('notice published', subjectOf(input)),
};

export function entryOf(call: ObservedCall): Entry | undefined {
  const key = `${call.service}:${call.action}`;
  if (call.error && !SHOWN_REFUSED.has(key)) return undefined;
  const known = describe[key];
  if (known) return known(call);
  const request = callbackRequest(call);
  return request ? requestEntry(request) : undefined;
}

/** A mail in the outbox of the local AWS. Its text is left out: its links may decide something. */
export const mailEntry = ({ to, subject }: { readonly to: string; readonly subject: string }): Entry =>
  step('mail in the outbox', `to ${to}: ${subject}`);

const SHOWN_REFUSED = new Set(['ssm:SendCommand', 'states:SendTaskSuccess', 'states:SendTaskFailure']);

const taskEntry = ({ action, error }: ObservedCall, kind: 'good' | 'bad'): Entry =>
  error ? bad(action, `refused: ${error.code}`) : { kind, title: action, detail: 'accepted' };

/** Writes of a callback's row: an outcome is stored before Step Functions is told. */
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

function receivedEntry(queue: string, output: unknown): Entry | undefined {
  const messages = at(output, ['Messages']);
  if (!Array.isArray(messages) || messages.length === 0) return undefined;
  const again = Math.max(
    ...messages.map((message) => Number(text(message, 'Attributes', 'ApproximateReceiveCount') || 1)),
  );
  const count = messages.length === 1 ? '' : `, ${messages.length} at once`;
  return step('message received', `from ${queue}${count}${again > 1 ? `, for the ${ordinal(again)} time` : ''}`);
}

const ordinal = (count: number): string => `${count}${{ 2: 'nd', 3: 'rd' }[count] ?? 'th'}`;

/** The platform's own functions are shown by what they do. */
const invokedEntry = (name: string): Entry | undefined =>
  name.startsWith(names.function('')) ? undefined : step('function invoked', name);

/** The link itself is left out: it is as good as a signature. */
function linkEntry(title: string, output: unknown): Entry {
  const status = text(output, 'statusCode');
  if (Number(status) < 300) return step(title, 'taken');
  return bad(title, `refused: HTTP ${status}${status === '409' ? ', it was decided before' : ''}`);
}

const subjectOf = (input: unknown): string =>
  [`to ${lastOf(text(input, 'TopicArn'), ':')}`, text(input, 'Subject')].filter(Boolean).join(': ');

/** Requests of hosts to the completer's HTTP handler. */
function requestEntry({ verb, request, status, answer }: CallbackRequest): Entry | undefined {
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

/** Progress is a JSON object of the job; a number with an `of` beside it becomes a bar. */
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
const queueOf = (input: unknown): string => lastOf(text(input, 'QueueUrl'), '/');
const lastOf = (path: string, separator: string): string => path.split(separator).at(-1) ?? '';

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
