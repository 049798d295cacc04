/**
 * Makes histories of two runs comparable: what differs between runs of the same path (times, ids, tokens, addresses) is replaced by its
 * kind, and concurrent branches are listed side by side in the order of the definition, whichever was faster.
 */

/** An event of GetExecutionHistory. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly [details: string]: unknown;
}

export type GoldenEvent =
  | { readonly type: string; readonly [detail: string]: unknown }
  | { readonly branches: readonly (readonly GoldenEvent[])[] };

interface Lane {
  readonly parent: Lane | undefined;
  readonly events: GoldenEvent[];
  /** The branches of the fork that is open at the end of this lane. */
  branches: Lane[];
}

export function goldenHistory(history: readonly HistoryEvent[]): readonly GoldenEvent[] {
  const root: Lane = { parent: undefined, events: [], branches: [] };
  const laneOf = new Map<number, Lane>();
  for (const event of history) {
    const lane = findLane(event, history, laneOf, root);
    laneOf.set(event.id, lane);
    lane.events.push(goldenEvent(event));
  }
  return root.events.map(sortBranches);
}

const FORK = /^(Parallel|Map)StateStarted$/;
const JOIN = /^(Parallel|Map)State(Succeeded|Failed|Aborted)$/;

function findLane(
  event: HistoryEvent,
  history: readonly HistoryEvent[],
  laneOf: ReadonlyMap<number, Lane>,
  root: Lane,
): Lane {
  const before = laneOf.get(event.previousEventId);
  if (before === undefined || event.type.startsWith('Execution')) return root;
  if (JOIN.test(event.type)) return before.parent ?? before;
  // A fork without branches: a Map over nothing, or a Map Run, whose children have their own histories.
  const previous = history.find(({ id }) => id === event.previousEventId);
  if (!FORK.test(previous?.type ?? '') || /^MapRun|StateExited$/.test(event.type)) return before;
  const branch: Lane = { parent: before, events: [], branches: [] };
  const open = before.events.at(-1);
  if (open && 'branches' in open) (open.branches as GoldenEvent[][]).push(branch.events);
  else before.events.push({ branches: [branch.events] });
  return branch;
}

function sortBranches(event: GoldenEvent): GoldenEvent {
  if (!('branches' in event)) return event;
  const branches = (event.branches as GoldenEvent[][]).map((branch) => branch.map(sortBranches));
  const key = (branch: readonly GoldenEvent[]): string => {
    const index = (branch[0] as { index?: unknown } | undefined)?.index;
    return typeof index === 'number' ? String(index).padStart(6, '0') : JSON.stringify(branch[0]);
  };
  return { branches: branches.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** Puts the details beside the type, and parses JSON in them. */
function goldenEvent({
  type,
  id: _id,
  previousEventId: _previous,
  timestamp: _time,
  ...rest
}: HistoryEvent): GoldenEvent {
  const details = Object.entries(rest).find(([name]) => name.endsWith('EventDetails'))?.[1] ?? {};
  const kept = Object.entries(details).filter(([name]) => !/^(input|output)Details$|^roleArn$/.test(name));
  return { type, ...(golden(Object.fromEntries(kept)) as object) };
}

/** Replacements by the name of a member, for values that no pattern recognises. */
const BY_NAME: Readonly<Record<string, string>> = {
  SdkHttpMetadata: '<metadata>',
  SdkResponseMetadata: '<metadata>',
  region: '<region>',
};

function golden(value: unknown): unknown {
  if (typeof value === 'string') return goldenText(value);
  if (Array.isArray(value)) return value.map(golden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, BY_NAME[name] ?? golden(inner)]));
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/AQC.A{4}K[A-Za-z0-9+/=]{600,}/g, '<token>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/\b1-[0-9a-f]{8}-[0-9a-f]{24}\b/g, '<trace>'],
  [/\b[0-9a-f]{32}\b/g, '<md5>'],
  [/\b[0-9a-hjkmnp-tv-z]{26}\b/g, '<callbackId>'],
  // Either of the two events at the end of a host may come first.
  [/ is (shutting-down|terminated);/g, ' is <ending>;'],
  [/ at [^"\s]*\(?file:[^\s")]+\)?/g, ' at <line>'],
];

function goldenText(text: string): unknown {
  const parsed = /^\s*[[{]/.test(text) ? parse(text) : undefined;
  if (parsed !== undefined) return golden(parsed);
  return PATTERNS.reduce((result, [pattern, kind]) => result.replace(pattern, kind), text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
