/**
 * Which statement lets which call: the statements that are deployed, the decisions that tests have recorded, and a call for each action
 * of each statement that no other statement would have allowed.
 */
import type { DeployedStatement } from './deployed-statements.ts';

/** A call that was allowed, as `libs/local-platform/src/testing/record-decisions.ts` writes it. */
export interface RecordedDecision {
  /** Who called, or for which resource a service did. */
  readonly by: string;
  readonly action: string;
  readonly resource: string;
  /** Each gate was opened by any one of its statements. */
  readonly gates: readonly (readonly { readonly policy: string; readonly sid?: string }[])[];
}

/** One action of one statement. */
export interface Row {
  readonly policy: string;
  readonly sid: string;
  readonly action: string;
  /** A call that would be denied without the statement; undefined where no run made one. */
  readonly call: { readonly by: string; readonly resource: string } | undefined;
}

/** Why a statement stands that no run needs, by `POLICY SID ACTION`, in which `*` stands for any text. */
export type Reasons = Readonly<Record<string, string>>;

export function rowsOf(statements: readonly DeployedStatement[], decisions: readonly RecordedDecision[]): Row[] {
  const calls = new Map<string, { by: string; resource: string }>();
  for (const { by, action, resource, gates } of decisions) {
    for (const [only, ...others] of gates) {
      if (only === undefined || others.length > 0) continue;
      const key = keyOf({ policy: stable(only.policy), sid: only.sid ?? '', action });
      const call = { by: stable(by), resource: stable(resource) };
      const known = calls.get(key);
      // The first in the order of letters, so that two runs choose the same.
      if (known === undefined || JSON.stringify(call) < JSON.stringify(known)) calls.set(key, call);
    }
  }
  return statements
    .flatMap(({ policy, sid, actions }) => actions.map((action) => ({ policy: stable(policy), sid, action })))
    .map((row) => ({ ...row, call: calls.get(keyOf(row)) }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ policy, sid, action }: Omit<Row, 'call'>): string => `${policy} ${sid} ${action}`;

/** Ids that are new in each run get the same name in all. */
export const stable = (text: string): string =>
  text
    .replace(/(:execute-api:[^:]*:\d*:)[a-z0-9]+/, '$1API')
    .replace(/(:key\/)[\w-]+/, '$1KEY')
    .replace(/(\/callbacks\/)[0-9a-hjkmnp-tv-z]{26}/, '$1CALLBACK')
    .replace(/(\/(?:approvals|webhooks)\/)[^*"]+/, '$1LINK')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/(:execution:[^:"]+:)[^*"]+/, '$1NAME');

export function reasonFor(row: Omit<Row, 'call'>, reasons: Reasons): string | undefined {
  const escaped = (pattern: string): string =>
    pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
  return Object.entries(reasons).find(([pattern]) => new RegExp(`^${escaped(pattern)}$`).test(keyOf(row)))?.[1];
}

const HEAD = ['policy', 'statement', 'action', 'a call that no other statement allowed'];
const NO_RUN = 'no run: ';

export function renderTable(rows: readonly Row[], reasons: Reasons): string {
  const lines = rows.map((row) => {
    const { policy, sid, action, call } = row;
    const shown =
      call === undefined ? NO_RUN + (reasonFor(row, reasons) ?? '') : `\`${call.resource}\` by \`${call.by}\``;
    return `| ${policy} | ${sid} | ${action} | ${shown} |`;
  });
  return [`| ${HEAD.join(' | ')} |`, `|${HEAD.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** The rows of a rendered table. */
export function parseTable(text: string): Row[] {
  return text
    .split('\n')
    .flatMap((line) => {
      const cells = /^\| (.+) \|$/.exec(line)?.[1]?.split(' | ');
      return cells === undefined || cells.length !== HEAD.length || cells[0] === HEAD[0] ? [] : [cells];
    })
    .map(([policy = '', sid = '', action = '', shown = '']) => {
      const [, resource = '', by = ''] = /^`(.+)` by `(.+)`$/.exec(shown) ?? [];
      return { policy, sid, action, call: resource === '' ? undefined : { by, resource } };
    });
}
