import type { JsonObject } from '../src/index.ts';
import { difference } from './match.ts';
import type { ExpectedExecution, RecordedEvent, Scenario } from './scenario.ts';

/** 1: final status; 2: and output, or error and cause; 3: and the event types; 4: and every event in full. */
export type Level = 0 | 1 | 2 | 3 | 4;

export interface Verdict {
  readonly level: Level;
  /** What keeps it from level 4. */
  readonly difference?: string;
}

type Event = JsonObject & { readonly type: string };

export function compareExecution(
  expected: ExpectedExecution,
  scenario: Scenario,
  status: string,
  history: Event[],
): Verdict {
  const last = detailsOf(history.at(-1));
  if (expected.final.status !== status) {
    return {
      level: 0,
      difference: `status ${expected.final.status} vs ${status} ${JSON.stringify(last).slice(0, 200)}`,
    };
  }
  const names = Object.keys(expected.final).filter((name) => name !== 'status');
  if ('error' in last && !names.includes('error') && status !== 'SUCCEEDED') {
    return { level: 1, difference: `unexpected error ${String(last['error'])}` };
  }
  const pick = (from: JsonObject): JsonObject => Object.fromEntries(names.map((name) => [name, from[name]]));
  const end = difference(pick(expected.final), pick(last), new Map());
  if (end) return { level: 1, difference: end };
  if (!expected.events) return { level: 4 };
  const isKept = (event: Event): boolean => !scenario.recorderDrops?.includes(event.type);
  const isUnordered = scenario.features.some((feature) => feature === 'Map' || feature === 'Parallel');
  return compareHistory(expected.events.filter(isKept), history.filter(isKept), isUnordered);
}

function compareHistory(expected: RecordedEvent[], history: Event[], isUnordered: boolean): Verdict {
  const types = (events: readonly Event[]): string[] => {
    const list = events.map(({ type }) => type);
    return isUnordered ? list.sort() : list;
  };
  const [wanted, found] = [types(expected), types(history)];
  const length = Math.max(wanted.length, found.length);
  const first = Array.from({ length }, (_, index) => index).find((index) => wanted[index] !== found[index]);
  if (first !== undefined) {
    const shown = (list: string[]): string => list.slice(first, first + 3).join(', ') || 'the end';
    return { level: 2, difference: `event ${first + 1}: ${shown(wanted)} vs ${shown(found)}` };
  }
  const different = isUnordered ? compareAsSets(expected, history) : compareInOrder(expected, history);
  return different === undefined ? { level: 4 } : { level: 3, difference: different };
}

function compareInOrder(expected: RecordedEvent[], history: Event[]): string | undefined {
  const bindings = new Map<string, string>();
  for (const [index, event] of expected.entries()) {
    const found = difference(event, history[index], bindings, `event ${index + 1} (${event.type})`);
    if (found) return found;
  }
  return undefined;
}

/** Branches run side by side: the order of their events is not determined, nor are the ids. */
function compareAsSets(expected: RecordedEvent[], history: Event[]): string | undefined {
  const rest = history.map(withoutIds);
  for (const event of expected.map(withoutIds)) {
    let closest: string | undefined;
    const index = rest.findIndex((candidate) => {
      if (candidate['type'] !== event['type']) return false;
      closest = difference(event, candidate, new Map(), String(event['type']));
      return closest === undefined;
    });
    if (index < 0) return closest ?? `no ${String(event['type'])}`;
    rest.splice(index, 1);
  }
  return undefined;
}

function withoutIds(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'id' && name !== 'previousEventId'));
}

function detailsOf(event: JsonObject | undefined): JsonObject {
  const found = Object.entries(event ?? {}).find(([name]) => name.endsWith('EventDetails'));
  return (found?.[1] ?? {}) as JsonObject;
}

/** The last step of a refusal's scenario must have been refused, with this code and message. */
export function compareRefusal(recorded: JsonObject, given: { code: string; message: string } | undefined): Verdict {
  if (given === undefined) return { level: 0, difference: 'nothing was refused' };
  const spoken = ((recorded['exceptionValue'] ?? '') as string).replace(
    /^An error occurred \(\w+\) when calling the \w+ operation: /,
    '',
  );
  const code = recorded['exceptionType'] ?? recorded['Code'];
  const message = 'exceptionType' in recorded ? spoken : recorded['Message'];
  if (code !== given.code) return { level: 1, difference: `${String(code)} vs ${given.code}: ${given.message}` };
  const found = difference(message ?? '', given.message, new Map());
  return found === undefined ? { level: 4 } : { level: 2, difference: found };
}
