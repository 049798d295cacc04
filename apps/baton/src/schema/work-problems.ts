/**
 * What is wrong with the work of a definition, before anything runs. A member may be known only when the state runs (`x.$`, a JSONata expression)
 * or when the definition is deployed (a placeholder): then only its name is looked at.
 */
import { SsmWork, QueueWork, LambdaWork, ApprovalWork, WebhookWork, WORK_KINDS, type WorkKind } from '@baton/token-lib';
import * as z from 'zod/mini';

export interface WorkProblem {
  /** The member that it is about, e.g. `work.queueURL`. */
  readonly path: string;
  /** What is wrong, and what was probably meant. */
  readonly message: string;
}

const SHAPES: Readonly<Record<WorkKind, Readonly<Record<string, z.ZodMiniType>>>> = {
  ssm: SsmWork.shape,
  queue: QueueWork.shape,
  lambda: LambdaWork.shape,
  approval: ApprovalWork.shape,
  webhook: WebhookWork.shape,
};

const CONTEXT = ['executionArn', 'state', 'enteredTime', 'retryCount'];

/** @param payload what the state sends to the dispatcher: `{ taskToken, context, work }`, as the definition has it */
export function workProblems(payload: Readonly<Record<string, unknown>>): readonly WorkProblem[] {
  const work = z.safeParse(z.record(z.string(), z.unknown()), payload['work']).data;
  if (work === undefined) return [];
  return [...contextProblems(payload), ...kindProblems(work)];
}

function contextProblems(payload: Readonly<Record<string, unknown>>): WorkProblem[] {
  if (has(payload, 'context') && typeof payload['context'] !== 'object') return [];
  const context = z.safeParse(z.record(z.string(), z.unknown()), payload['context']).data;
  if (context === undefined) {
    return isExpressed(payload, 'context')
      ? []
      : [{ path: 'context', message: 'is missing: a retry could not be told from a new piece of work' }];
  }
  return CONTEXT.filter((name) => !has(context, name)).map((name) => ({
    path: `context.${name}`,
    message: 'is missing: a retry could not be told from a new piece of work',
  }));
}

function kindProblems(work: Readonly<Record<string, unknown>>): WorkProblem[] {
  const { kind } = work;
  if (typeof kind !== 'string')
    return has(work, 'kind') ? [] : [{ path: 'work.kind', message: `is missing: ${listed(WORK_KINDS)}` }];
  if (isExpression(kind)) return [];
  const known = WORK_KINDS.find((each) => each === kind);
  if (known === undefined) {
    return [
      { path: 'work.kind', message: `"${kind}" is no kind of work${meant(kind, WORK_KINDS)}: ${listed(WORK_KINDS)}` },
    ];
  }
  const shape = SHAPES[known];
  return [
    ...unknownMembers(work, known, Object.keys(shape)),
    ...memberProblems(work, shape),
    ...commandProblems(work, known),
  ];
}

function unknownMembers(
  work: Readonly<Record<string, unknown>>,
  kind: WorkKind,
  known: readonly string[],
): WorkProblem[] {
  return Object.keys(work)
    .map((name) => name.replace(/\.\$$/, ''))
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: `work.${name}`, message: `is no member of work of kind ${kind}${meant(name, known)}` }));
}

function memberProblems(
  work: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, z.ZodMiniType>>,
): WorkProblem[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    if (isExpressed(work, name)) return [];
    const value = work[name];
    // A member inside may be known later, too.
    if (value !== undefined && holdsExpression(value)) return [];
    if (value === undefined && (name === 'message' || name === 'payload')) {
      return [{ path: `work.${name}`, message: 'is missing: any JSON, null at the least' }];
    }
    const [issue] = z.safeParse(schema, value).error?.issues ?? [];
    if (issue === undefined) return [];
    return [{ path: `work.${name}`, message: value === undefined ? 'is missing' : issue.message }];
  });
}

function commandProblems(work: Readonly<Record<string, unknown>>, kind: WorkKind): WorkProblem[] {
  if (kind !== 'ssm' || has(work, 'command') !== has(work, 'shell')) return [];
  return [
    { path: 'work.command', message: 'is needed, or else shell: the program and its arguments as a list, or a script' },
  ];
}

const has = (members: Readonly<Record<string, unknown>>, name: string): boolean =>
  Object.hasOwn(members, name) || Object.hasOwn(members, `${name}.$`);

const isExpression = (value: unknown): boolean => typeof value === 'string' && /^\{%|\$\{/.test(value);

const isExpressed = (members: Readonly<Record<string, unknown>>, name: string): boolean =>
  Object.hasOwn(members, `${name}.$`) || isExpression(members[name]);

const holdsExpression = (value: unknown): boolean => /"[^"]*\.\$":|"\{%|\$\{/.test(JSON.stringify(value));

const listed = (names: readonly string[]): string => `it is one of ${names.join(', ')}`;

/** The name that was probably meant: the same but for case, or one that a slip of the finger makes. */
function meant(name: string, known: readonly string[]): string {
  const near = known
    .map((each) => ({ each, distance: distance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near === undefined ? '' : `; "${near.each}" is`;
}

/** Levenshtein's: how many letters have to be changed, added or dropped. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [place, other] of [...b].entries()) {
      next.push(
        Math.min((row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1, (row[place] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
