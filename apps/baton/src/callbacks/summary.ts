import type { Work, WorkKind } from '@baton/token-lib';

/** What or where the work is, in a few words of its kind: never a message, a payload or a link. */
const SUMMARIES: { readonly [Kind in WorkKind]: (work: Extract<Work, { kind: Kind }>) => string } = {
  /** Its arguments, or the script for a shell. */
  ssm: ({ command, shell }) => command?.map(quoted).join(' ') ?? shell ?? '',
  queue: ({ queueUrl }) => queueUrl.split('/').at(-1) ?? queueUrl,
  /** Without what stands before the name in an ARN. */
  lambda: ({ functionName }) => functionName.replace(/^.*:function:/, ''),
  approval: ({ title }) => title,
  webhook: ({ url }) => new URL(url).host,
};

export const workKinds = Object.keys(SUMMARIES) as readonly WorkKind[];

export const summaryOf = (work: Work): string => (SUMMARIES[work.kind] as (work: Work) => string)(work);

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
