import { applyEdits } from '../lint/change/change.ts';
import { writeChanges } from '../lint/change/write-changes.ts';
import { readDocument } from '../lint/document.ts';
import { fixAll } from '../lint/fix.ts';
import { contains } from '../lint/rules/definition.ts';
import { type LintTools, lintText, readingOf } from '../lint/lint-text.ts';
import { objectsIn, member, type Node } from '../lint/json-tree.ts';
import { statesOf, type State } from '../lint/machine-states.ts';
import { Copied, type Json } from '../lint/change/change.ts';
import type { Machine, Reading } from '../lint/read/machine.ts';
import { adoptState } from './adopt-state.ts';

export interface AdoptRequest {
  readonly file: string;
  readonly text: string;
  /** Only the state of this name. */
  readonly state?: string | undefined;
  /** What the definition calls the dispatcher, where that is not the usual name. */
  readonly dispatcher?: string | undefined;
  readonly approvers: readonly string[];
}

export interface Adopted {
  readonly text: string;
  /** The states that are dispatched work now, with its kind. */
  readonly adopted: readonly { readonly state: string; readonly work: string }[];
  /** The states that wait and stay as they are, with the reason. */
  readonly refused: readonly { readonly state: string; readonly reason: string }[];
  /** Where the definition is, when it is not in this file. */
  readonly elsewhere: readonly string[];
}

/**
 * Rewrites the waiting states of a file. What it writes, it leaves alone when it is called again.
 * @throws {Error} where the file cannot be read
 */
export function adoptText(request: AdoptRequest, tools: LintTools): Adopted {
  const { file, text } = request;
  const adopted: { state: string; work: string }[] = [];
  const reading = readingIn(file, text, tools);
  let now = text;
  const refused = new Map<string, string>();
  // One state at a time: each is read where the last one left the file.
  for (let round = 0; round < MOST_STATES; round += 1) {
    const next = firstToAdopt(readingIn(file, now, tools), request, refused);
    if (!next) break;
    adopted.push({ state: next.state, work: next.work });
    now = next.text;
  }
  if (adopted.length > 0) now = mended(file, now, tools);
  const elsewhere = reading.machines.flatMap((machine) => (machine.kind === 'elsewhere' ? [machine.path] : []));
  return { text: now, adopted, refused: [...refused].map(([state, reason]) => ({ state, reason })), elsewhere };
}

/** More than a definition of 1 MiB holds. */
const MOST_STATES = 10_000;

function readingIn(file: string, text: string, tools: LintTools): Reading {
  const reading = readingOf({ file, text }, tools);
  if (reading === undefined) throw new Error(`${file} declares no state machine`);
  if ('exitCode' in reading) throw new Error(reading.message);
  return reading;
}

interface Step {
  readonly state: string;
  readonly work: string;
  readonly text: string;
}

function firstToAdopt(
  { form, machines }: Reading,
  request: AdoptRequest,
  refused: Map<string, string>,
): Step | undefined {
  for (const machine of machines) {
    if (machine.kind !== 'known') continue;
    for (const [state, states] of waitingIn(machine)) {
      if (request.state !== undefined && state.name !== request.state) continue;
      if (refused.has(state.name)) continue;
      const dispatcher = dispatcherName(state, form, request.dispatcher);
      const result = adoptState(state, states, { dispatcher, approvers: request.approvers });
      if (result === undefined) continue;
      const edits = result.kind === 'adopted' ? placed(state, result.changes) : result.reason;
      if (typeof edits === 'string') refused.set(state.name, edits);
      else if (result.kind === 'adopted')
        return { state: state.name, work: result.work, text: applyEdits(state.document.written.text, [edits]) };
    }
  }
  return undefined;
}

function waitingIn(machine: Extract<Machine, { kind: 'known' }>): readonly (readonly [State, Node])[] {
  const document = readDocument(machine.origin);
  const maps = objectsIn(document.root).flatMap((each) => member(each, 'States') ?? []);
  return statesOf(document).flatMap((state) => {
    const states = maps.filter((map) => contains(map, state.node)).at(-1);
    return states ? [[state, states] as const] : [];
  });
}

function placed(
  state: State,
  changes: Parameters<typeof writeChanges>[1],
): NonNullable<ReturnType<typeof writeChanges>> | string {
  const { written, text } = state.document;
  if (written.generatedBy !== undefined) return `the file is made by ${written.generatedBy}`;
  const quote = text.indexOf('"');
  if (written.syntax === 'json' && quote >= 0 && written.text[written.toFile(quote)] === '\\')
    return 'the definition is one quoted text: put it into a file of its own first';
  return writeChanges(state.document, changes) ?? 'its members have no lines of their own to change';
}

/** Who deploys it says what the name stands for. */
function dispatcherName(state: State, form: Reading['form'], given: string | undefined): Json {
  const { syntax } = state.document.written;
  if (given !== undefined) return given;
  if (syntax === 'hcl') return new Copied('value', ['var.dispatcher_function_arn']);
  if (form === 'Terraform') return '${var.dispatcher_function_arn}';
  return form === 'CloudFormation' ? '${DispatcherFunctionArn}' : '${dispatcher_function_arn}';
}

/** What the state had before may not fit its work: --fix mends that. */
function mended(file: string, text: string, tools: LintTools): string {
  let now = text;
  fixAll({
    lint: () => lintText({ file, text: now }, { hcl: tools.hcl }),
    read: () => now,
    write: (_file, changed) => void (now = changed),
  });
  return now;
}
