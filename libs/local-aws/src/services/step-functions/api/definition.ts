import { parseDefinition, type Diagnostic, type StateMachine as Machine } from '@baton/asl';
import { AwsError } from '../../../kernel/aws-error.ts';
import { invalidDefinition } from './refusals.ts';

type MachineType = 'STANDARD' | 'EXPRESS';

/** @throws {AwsError} InvalidDefinition, which lists every error */
export function readDefinition(text: string, type: MachineType): Machine {
  const { machine, diagnostics } = parseDefinition(text, { type });
  const label = labelProblem(text);
  if (label !== undefined) throw invalidLabel(text, label);
  if (machine === undefined) throw invalidDefinition(listErrors(diagnostics));
  return machine;
}

function listErrors(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR');
  return errors.map(({ code, message, location }) => `${code}: ${message} at ${location || 'null'}`).join(', ');
}

/** A label is part of the ARN of a Map's runs. */

const REFUSED_IN_LABELS = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

function labelProblem(definition: string): string | undefined {
  if (!definition.includes('"Label"')) return undefined;
  let problem: string | undefined;
  const check = (label: unknown): void => {
    if (typeof label !== 'string' || problem !== undefined) return;
    const character = REFUSED_IN_LABELS.exec(label)?.[0];
    if (label === '') problem = 'Label cannot be empty';
    else if (label.length > 40) problem = 'Label cannot exceed 40 characters';
    else if (character !== undefined) problem = `Label contains invalid character: ${pythonText(character)}`;
  };
  try {
    JSON.parse(definition, (_, value: unknown) => {
      if (isMapState(value)) check(value.Label);
      return value;
    });
  } catch {
    return undefined; // Not JSON: the diagnostics say so.
  }
  return problem;
}

const isMapState = (value: unknown): value is { Type: 'Map'; Label?: unknown } =>
  typeof value === 'object' && value !== null && (value as { Type?: unknown }).Type === 'Map';

/** The one refusal whose recorded text is a Python exception's, with the definition as it was sent. */
function invalidLabel(definition: string, problem: string): AwsError {
  return new AwsError(
    'InvalidDefinition',
    `Error=ValueError Args=[${pythonText(problem)}] in definition '${definition}'.`,
  );
}

/** A text as Python prints it. */
function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((character) => {
    if (character === '\\' || character === quote) return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0) as number;
    return code < 0x20 || (code >= 0x7f && code <= 0xa0) ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return quote + escaped.join('') + quote;
}
