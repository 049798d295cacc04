import type { Fields } from './fields.ts';
import { parseState } from './parse-state.ts';
import type { Flow, State } from './state-machine.ts';

/** What a state needs to know of the definition around it. */
export interface Surroundings {
  readonly language: 'JSONPath' | 'JSONata';
  readonly machineLanguage: 'JSONPath' | 'JSONata';
  readonly express: boolean;
  /** Every state name read so far: names are unique in the whole machine. */
  readonly names: Set<string>;
}

/** Reads `StartAt` and `States`. @returns undefined when there is nothing to run */
export function parseFlow(fields: Fields, around: Surroundings): Flow | undefined {
  fields.require('StartAt', 'States');
  const startAt = fields.string('StartAt');
  const statesFields = fields.object('States');
  if (startAt === undefined || !statesFields) return undefined;
  const states = new Map<string, State>();
  for (const name of statesFields.names()) {
    const stateFields = statesFields.object(name);
    const state = stateFields && parseState(name, stateFields, around);
    if (state) states.set(name, state);
  }
  checkTargets(fields, statesFields, startAt);
  return { startAt, states };
}

function checkTargets(fields: Fields, states: Fields, startAt: string): void {
  if (!states.has(startAt)) fields.fail(`Missing 'Next' target: ${startAt}`, 'StartAt', 'MISSING_TRANSITION_TARGET');
  const reached = new Set([startAt]);
  for (const name of states.names()) {
    const state = states.object(name);
    if (state) checkState(state, states, reached);
  }
  for (const name of states.names()) {
    if (!reached.has(name)) states.fail(`State "${name}" is not reachable.`, name, 'MISSING_TRANSITION_TARGET');
  }
}

function checkState(state: Fields, states: Fields, reached: Set<string>): void {
  const check = (fields: Fields, field: string): void => {
    const target = fields.get(field);
    if (typeof target !== 'string') return;
    reached.add(target);
    if (!states.has(target)) fields.fail(`Missing '${field}' target: ${target}`, field, 'MISSING_TRANSITION_TARGET');
  };
  check(state, 'Next');
  check(state, 'Default');
  for (const list of ['Choices', 'Catch']) {
    if (!Array.isArray(state.get(list))) continue;
    for (const item of state.objects(list)) check(item, 'Next');
  }
}
