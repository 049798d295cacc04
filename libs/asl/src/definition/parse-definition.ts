import type { Json } from '../protocol.ts';
import { type Diagnostic, Fields, MAX_INTEGER } from './fields.ts';
import { parseFlow } from './parse-flow.ts';
import type { StateMachine } from './state-machine.ts';
import { readLanguage, type Surroundings } from './surroundings.ts';

export interface ParsedDefinition {
  /** Present unless a diagnostic is an ERROR. */
  readonly machine?: StateMachine;
  readonly diagnostics: Diagnostic[];
}

/** Parses a definition and lists everything wrong with it, as CreateStateMachine and ValidateStateMachineDefinition do. */
export function parseDefinition(text: string, options: { type?: 'STANDARD' | 'EXPRESS' } = {}): ParsedDefinition {
  const diagnostics: Diagnostic[] = [];
  const json = parseJson(text, diagnostics);
  if (json === undefined) return { diagnostics };
  const fields = new Fields(json, '', diagnostics);
  const language = readLanguage(fields, 'JSONPath');
  fields.oneOf('Version', ['1.0']);
  fields.string('Comment');
  const timeoutSeconds = fields.integer('TimeoutSeconds', 0, MAX_INTEGER) || undefined;
  const around: Surroundings = {
    language,
    machineLanguage: language,
    express: options.type === 'EXPRESS',
    names: new Set<string>(),
    nested: false,
    parseFlow,
  };
  const flow = parseFlow(fields, around);
  const failed = diagnostics.some(({ severity }) => severity === 'ERROR');
  return failed || !flow ? { diagnostics } : { machine: { flow, timeoutSeconds }, diagnostics };
}

function parseJson(text: string, diagnostics: Diagnostic[]): { [name: string]: Json } | undefined {
  const fail = (message: string): undefined => {
    diagnostics.push({ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message, location: '' });
    return undefined;
  };
  try {
    const json = JSON.parse(text) as Json;
    if (json !== null && typeof json === 'object' && !Array.isArray(json)) return json;
    return fail('The definition must be a JSON object');
  } catch (error) {
    return fail((error as SyntaxError).message);
  }
}
