import { parseDefinition, type Diagnostic, type StateMachine as Machine } from '@baton/asl';
import { AwsError } from '../../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { integer, oneOf, optional, required, text, withDefault } from '../../../kit/reader.ts';
import { refusedCharacter } from '../arn.ts';
import { invalidDefinition } from '../refusals.ts';
import type { MachineType } from '../run/state-machine-store.ts';

/** Members of requests. */
export const definition = text({ min: 1, max: 1_048_576, sensitive: true });
export const machineType = withDefault(oneOf(['STANDARD', 'EXPRESS']), 'STANDARD');

/** @throws {AwsError} InvalidDefinition, which lists every error */
export function readDefinition(given: string, type: MachineType): Machine {
  const { machine, diagnostics } = parseDefinition(given, { type });
  const label = labelProblem(given);
  if (label !== undefined) throw invalidLabel(given, label);
  if (machine === undefined) throw invalidDefinition(listErrors(diagnostics));
  return machine;
}

export const definitionActions = (): Record<string, UnboundAction> => ({
  ValidateStateMachineDefinition: action(
    {
      definition: required(definition),
      type: machineType,
      severity: withDefault(oneOf(['ERROR', 'WARNING']), 'ERROR'),
      maxResults: optional(integer({ min: 0, max: 100 })),
    },
    {
      evidence: 'documented',
      run({ definition: given, type, severity: wantedSeverity, maxResults }) {
        const { diagnostics } = parseDefinition(given, { type });
        const wanted = diagnostics.filter(({ severity }) => severity === 'ERROR' || wantedSeverity === 'WARNING');
        const shown = wanted.slice(0, maxResults || 100).map(({ location, ...diagnostic }) => ({
          ...diagnostic,
          ...(location !== '' && { location }),
        }));
        const failed = diagnostics.some(({ severity }) => severity === 'ERROR');
        return { result: failed ? 'FAIL' : 'OK', diagnostics: shown, truncated: shown.length < wanted.length };
      },
    },
  ),
});

function listErrors(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR');
  return errors.map(({ code, message, location }) => `${code}: ${message} at ${location || 'null'}`).join(', ');
}

/** A label is part of the ARN of a Map's runs. */
function labelProblem(given: string): string | undefined {
  if (!given.includes('"Label"')) return undefined;
  let problem: string | undefined;
  const check = (label: unknown): void => {
    if (typeof label !== 'string' || problem !== undefined) return;
    const character = refusedCharacter(label);
    if (label === '') problem = 'Label cannot be empty';
    else if (label.length > 40) problem = 'Label cannot exceed 40 characters';
    else if (character !== undefined) problem = `Label contains invalid character: ${pythonText(character)}`;
  };
  try {
    JSON.parse(given, (_, value: unknown) => {
      if (isMapState(value)) check(value.Label);
      return value;
    });
  } catch {
    return undefined; // Not JSON: the diagnostics say so.
  }
  return problem;
}

const isMapState = (value: unknown): value is { readonly Type: 'Map'; readonly Label?: unknown } =>
  typeof value === 'object' && value !== null && 'Type' in value && value.Type === 'Map';

/** The one refusal whose recorded text is a Python exception's, with the definition as it was sent. */
function invalidLabel(given: string, problem: string): AwsError {
  return new AwsError('InvalidDefinition', `Error=ValueError Args=[${pythonText(problem)}] in definition '${given}'.`);
}

/** A text in the form in which Python prints it. */
function pythonText(plain: string): string {
  const quote = plain.includes("'") && !plain.includes('"') ? '"' : "'";
  const escaped = [...plain].map((character) => {
    if (character === '\\' || character === quote) return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || (code >= 0x7f && code <= 0xa0) ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return quote + escaped.join('') + quote;
}
