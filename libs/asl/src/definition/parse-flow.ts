import type { Fields } from './fields.ts';
import { parseState } from './parse-state.ts';
import type { Flow, State } from './state-machine.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads `StartAt` and `States`. Returns undefined when one of them is missing. */
export function parseFlow(fields: Fields, around: Surroundings): Flow | undefined {
  if (around.nested) fields.refuse(['QueryLanguage']);
  fields.require('StartAt', 'States');
  const startAt = fields.string('StartAt');
  const statesFields = fields.object('States');
  if (startAt === undefined || !statesFields) return undefined;
  if (statesFields.names().length === 0) fields.fail('Value cannot be empty', 'States');
  const states = new Map<string, State>();
  for (const name of statesFields.names()) {
    const stateFields = statesFields.object(name);
    const state = stateFields && parseState(name, stateFields, around);
    if (state) states.set(name, state);
  }
  checkGraph(fields, statesFields, startAt, around.nested);
  return { startAt, states };
}

/** Notes missing targets, states that nothing leads to, and a machine without a last state. */
function checkGraph(fields: Fields, states: Fields, startAt: string, nested: boolean): void {
  if (!states.has(startAt)) missingTarget(fields, 'StartAt', startAt);
  const targets = new Set([startAt]);
  let ends = false;
  for (const name of states.names()) {
    if (!isObject(states.get(name))) continue;
    const state = states.object(name) as Fields;
    for (const target of checkTargets(state, states)) if (target !== name) targets.add(target);
    ends ||= state.get('End') === true || state.get('Type') === 'Succeed' || state.get('Type') === 'Fail';
  }
  if (!ends && !nested) {
    fields.failAsWhole('MISSING_END_STATE', 'Workflow has no terminal state');
    return;
  }
  for (const name of states.names()) {
    if (!targets.has(name)) states.fail(`State "${name}" is not reachable.`, name, 'MISSING_TRANSITION_TARGET');
  }
}

function checkTargets(state: Fields, states: Fields): readonly string[] {
  const choosers = ['Choices', 'Catch'].flatMap((list) => (isObjectList(state.get(list)) ? state.objects(list) : []));
  const places = [
    [state, 'Next'] as const,
    [state, 'Default'] as const,
    ...choosers.map((each) => [each, 'Next'] as const),
  ];
  return places.flatMap(([fields, name]) => {
    const target = fields.get(name);
    if (typeof target !== 'string') return [];
    if (!states.has(target)) missingTarget(fields, name, target);
    return [target];
  });
}

function missingTarget(fields: Fields, name: string, target: string): void {
  fields.fail(`Missing 'Next' target: ${target}`, name, 'MISSING_TRANSITION_TARGET');
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isObjectList = (value: unknown): boolean => Array.isArray(value) && value.every(isObject);
