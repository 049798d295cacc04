import type { LocalAws, ObservedCall, ServiceEvent } from '@baton/local-aws';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { names } from '../src/index.ts';

export interface Seen {
  readonly calls: readonly ObservedCall[];
  readonly events: readonly ServiceEvent[];
  /** What servers elsewhere were sent. */
  readonly requests?: readonly unknown[];
}

/** @returns every token that Step Functions handed to the dispatcher, read from the invocations */
export function tokensIn(calls: readonly ObservedCall[]): string[] {
  return calls
    .filter(isDispatch)
    .flatMap(({ input }) =>
      [...plain(input).matchAll(/taskToken\W+([A-Za-z0-9+/=]{100,})/g)].map((match) => match[1] as string),
    );
}

/** @returns every secret that the dispatcher has sent with work of a queue or a function */
export function secretsIn(calls: readonly ObservedCall[]): string[] {
  const carried = calls.filter(({ action }) => action === 'SendMessage' || action === 'Invoke');
  return carried.flatMap(({ input }) =>
    [...plain(input).matchAll(/workSecret\W+([\w-]{43})\W/g)].map((match) => match[1] as string),
  );
}

/** Messages and invocations carry the secret of their work, and reports show it. */
export const carriesSecrets = ({ service }: ObservedCall): boolean =>
  ['sqs', 'lambda', 'execute-api'].includes(service);

/**
 * Returns where a run has left these tokens (L3), in anything that was logged, sent, called, published or written. Three places are allowed: the
 * dispatcher's invocation, the table while the callback waits, and the calls to Step Functions.
 */
export async function placesOf(
  tokens: readonly string[],
  aws: LocalAws,
  { calls, events, requests = [] }: Seen,
  folders: readonly string[] = [],
): Promise<string[]> {
  const texts = [
    ...calls
      .filter((call) => !isTokensWay(call))
      .map((call) => [`${call.service} ${call.action}`, plain(call)] as const),
    ...events.map((event) => [`event of ${event.source}`, plain(event)] as const),
    ...(await logsOf(aws)),
    ['the table', plain(await rowsOf(aws))] as const,
    ['a mail', plain(aws.sns.outbox)] as const,
    ['a request', plain(requests)] as const,
    ...[aws.world.folder, ...folders].flatMap(filesIn),
  ];
  return texts.filter(([, text]) => tokens.some((token) => text.includes(token))).map(([place]) => place);
}

const isDispatch = ({ service, action, input }: ObservedCall): boolean =>
  service === 'lambda' && action === 'Invoke' && String(input['FunctionName']).endsWith(names.function('dispatcher'));

const isTokensWay = (call: ObservedCall): boolean =>
  isDispatch(call) ||
  call.service === 'dynamodb' ||
  (call.service === 'states' && (call.action.startsWith('SendTask') || call.action === 'GetExecutionHistory'));

/** The rows, without the tokens of callbacks that wait: only closed ones expire. */
async function rowsOf(aws: LocalAws): Promise<object[]> {
  const { Items } = await aws.call('dynamodb:Scan', { TableName: names.table });
  return (Items as object[]).map((row) => ('expiresAt' in row ? row : { ...row, token: undefined }));
}

async function logsOf(aws: LocalAws): Promise<(readonly [string, string])[]> {
  const { logGroups } = await aws.call('logs:DescribeLogGroups', {});
  return (logGroups as { logGroupName: string }[]).map(({ logGroupName }) => [
    logGroupName,
    plain(aws.logs.lines(logGroupName)),
  ]);
}

function filesIn(folder: string): (readonly [string, string])[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  try {
    return files.map((file) => [file, readFileSync(file, 'latin1')]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return filesIn(folder); // A notifier that is still ending has renamed its marker into place.
  }
}

/** As JSON, with bodies as text. A token has no character that JSON escapes. */
function plain(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, member: unknown) {
    const bytes = this[name]; // As it was before a Buffer made numbers of itself.
    return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('latin1') : member;
  });
}
