import type { JsonObject } from '../src/index.ts';
import { difference } from './match.ts';
import { compareHistory, type Event } from './compare-history.ts';
import type { ExpectedExecution } from './scenario.ts';

/** What agrees. 1: the final status; 2: and the output, or error and cause; 3: and the types of events; 4: and every event. */
export type Level = 0 | 1 | 2 | 3 | 4;

export interface Verdict {
  readonly level: Level;
  /** The first difference, below level 4. */
  readonly difference?: string;
}

/** Returns how far an execution agrees with its recording. */
export function compareExecution(
  expected: ExpectedExecution,
  status: string,
  history: Event[],
  recorderDrops: readonly string[] = [],
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
  const isKept = (event: { readonly type: string }): boolean => !recorderDrops.includes(event.type);
  return compareHistory(expected.events.filter(isKept), history.filter(isKept));
}

function detailsOf(event: JsonObject | undefined): JsonObject {
  const found = Object.entries(event ?? {}).find(([name]) => name.endsWith('EventDetails'));
  return (found?.[1] ?? {}) as JsonObject;
}

/** Returns how far the error of a scenario's last step agrees with the recorded error. Level 4: in code and message. */
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
