/** Findings that follow from another one: who mends that one mends them too. */
import type { State } from './machine-states.ts';
import type { Report, RuleText } from './rule.ts';

export interface Found {
  readonly rule: RuleText;
  readonly report: Report;
  readonly state: State | undefined;
}

/** A state that can never wait needs none of what a waiting state needs. */
const HIDES: Readonly<Record<string, readonly string[]>> = {
  'callback-unsupported': ['no-time-limit', 'token-not-passed', 'timeout-not-caught', 'heartbeat-nobody-sends'],
  'callback-in-express': ['no-time-limit', 'token-not-passed', 'timeout-not-caught', 'heartbeat-nobody-sends'],
};

/** Where a transition leads nowhere, what it should have led to looks unreachable. */
const MISSES_TARGET = /^Missing '/;
const UNREACHABLE = /is not reachable\./;

/** @returns one finding for each cause */
export function causesAmong(found: readonly Found[]): readonly Found[] {
  const hidden = new Map<State, Set<string>>();
  for (const { rule, state } of found) {
    const follow = HIDES[rule.id];
    if (state && follow) hidden.set(state, new Set([...(hidden.get(state) ?? []), ...follow]));
  }
  const misses = found.some(({ report }) => MISSES_TARGET.test(report.message));
  return found.filter(
    ({ rule, report, state }) =>
      !(state && hidden.get(state)?.has(rule.id)) && !(misses && UNREACHABLE.test(report.message)),
  );
}
