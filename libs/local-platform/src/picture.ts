/** Draws a state machine as a Mermaid state diagram, from its definition. Placeholders may stand for numbers and inside of strings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Branches?: readonly Flow[];
  readonly ItemProcessor?: Flow;
  readonly Iterator?: Flow;
}

interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** @throws when the definition is not JSON once its placeholders are filled in */
export function drawStateMachine(definition: string): string {
  const machine = JSON.parse(definition.replace(/\$\{[^}]*\}/g, '0')) as Flow;
  return ['stateDiagram-v2', ...flow(machine, '')].map((line) => line.trimEnd()).join('\n');
}

/** The ids of a flow's states begin with the flow's own prefix: names may repeat between flows, and hold spaces. */
function flow({ StartAt, States }: Flow, prefix: string): string[] {
  const idOf = (name: string): string => `${prefix}${name.replace(/[^A-Za-z0-9]/g, '_')}`;
  const named = Object.keys(States).filter((name) => idOf(name) !== name);
  const inner = Object.entries(States).flatMap(([name, state]) => [
    ...composite(state, idOf(name)),
    ...arrows(state, idOf(name), idOf),
    ...(waits(state) ? [`${idOf(name)} : waits for its callback`] : []),
  ]);
  const names = named.map((name) => `state "${name}" as ${idOf(name)}`);
  return [...names, `[*] --> ${idOf(StartAt)}`, ...inner].map((line) => `  ${line}`);
}

const waits = ({ Resource = '' }: State): boolean => Resource.endsWith('.waitForTaskToken');

function composite(state: State, id: string): string[] {
  const processor = state.ItemProcessor ?? state.Iterator;
  const flows = state.Branches ?? (processor ? [processor] : []);
  if (flows.length === 0) return [];
  const inner = flows.map((each, index) => flow(each, `${id}_${flows.length > 1 ? `${index + 1}_` : ''}`));
  return [`state ${id} {`, ...inner.flatMap((lines, index) => (index === 0 ? lines : ['  --', ...lines])), '}'];
}

function arrows(state: State, id: string, idOf: (name: string) => string): string[] {
  const to = (next: string, label?: string): string => `${id} --> ${idOf(next)}${label ? ` : ${label}` : ''}`;
  const choices = (state.Choices ?? []).map((choice) => to(choice.Next, describeChoice(choice)));
  const catches = (state.Catch ?? []).map(({ ErrorEquals, Next }) => to(Next, `catch ${ErrorEquals.join(', ')}`));
  if (state.Type === 'Choice') return [...choices, ...(state.Default ? [to(state.Default, 'otherwise')] : [])];
  const next = state.Next === undefined ? `${id} --> [*]${state.Type === 'Fail' ? ' : fails' : ''}` : to(state.Next);
  return [next, ...catches];
}

/** `$.decision StringEquals approve`, for a rule that compares one variable. */
function describeChoice(choice: Readonly<Record<string, unknown>>): string {
  if (typeof choice['Condition'] === 'string') return choice['Condition'].replace(/^\{%\s*|\s*%\}$/g, '');
  const [comparison, value] =
    Object.entries(choice).find(([name]) => !['Variable', 'Next', 'Comment'].includes(name)) ?? [];
  if (typeof choice['Variable'] !== 'string' || !['string', 'number', 'boolean'].includes(typeof value)) return '';
  return `${choice['Variable']} ${comparison} ${value as string}`;
}

const FENCE = /```mermaid\nstateDiagram-v2\n[\s\S]*?```/;

/**
 * @returns the README of an example as it stands, and as it would be with the picture of its workflow.asl.json
 * @throws Error when the README shows no state machine
 */
export function readmePicture(folder: string): {
  readonly file: string;
  readonly stands: string;
  readonly drawn: string;
} {
  const file = join(folder, 'README.md');
  const stands = readFileSync(file, 'utf8');
  const picture = drawStateMachine(readFileSync(join(folder, 'workflow.asl.json'), 'utf8'));
  if (!FENCE.test(stands)) throw new Error(`${file} has no \`\`\`mermaid block that begins with stateDiagram-v2`);
  return { file, stands, drawn: stands.replace(FENCE, () => `\`\`\`mermaid\n${picture}\n\`\`\``) };
}
