/** Reads the state machines of the plugin serverless-step-functions out of `serverless.yml`, and out of the files that it includes. */
import { machineOfValue } from './cloudformation.ts';
import { type Machine, type MachineTerms, machineTypeOf, unknownMachine } from './machine.ts';
import type { SourceFile } from './source-file.ts';
import { entriesOf, entry, isTrue, type SourceEntry, type SourceValue, textIn } from './source-value.ts';

/** @returns undefined when the value is not the configuration of a service with state machines */
export function machinesOfService(source: SourceFile, root: SourceValue): readonly Machine[] | undefined {
  const stepFunctions = entry(root, 'stepFunctions');
  if (!stepFunctions) return undefined;
  const machines = entry(stepFunctions, 'stateMachines');
  if (machines) return machinesIn(source, machines, 'stateMachines');
  return [included({ file: source.file, machine: 'stepFunctions' }, stepFunctions)];
}

/**
 * Returns the machines of an included file: `stateMachines`, the map of machines itself, or one machine.
 * @returns undefined when the file is a definition
 */
export function machinesOfPart(source: SourceFile, root: SourceValue, name: string): readonly Machine[] | undefined {
  if (entry(root, 'StartAt')) return undefined;
  if (entry(root, 'definition')) return [machineOf(source, { name, key: root, value: root })];
  return machinesIn(source, entry(root, 'stateMachines') ?? root, name);
}

/** A map of machines, a list of such maps, or a file that holds one. */
function machinesIn(source: SourceFile, machines: SourceValue, name: string): readonly Machine[] {
  if (machines.kind === 'map') return machines.entries.map((each) => machineOf(source, each));
  if (machines.kind === 'list') return machines.items.flatMap((item) => machinesIn(source, item, name));
  return [included({ file: source.file, machine: name }, machines)];
}

function machineOf(source: SourceFile, { name, value }: SourceEntry): Machine {
  const logging = entry(value, 'loggingConfig');
  const terms: MachineTerms = {
    file: source.file,
    machine: name,
    type: machineTypeOf(textIn(entry(value, 'type'))),
    logsParameters: isTrue(entry(logging, 'includeExecutionData')) && textIn(entry(logging, 'level')) === 'ALL',
  };
  const definition = entry(value, 'definition');
  if (!definition)
    return entriesOf(value).length > 0 ? unknownMachine(terms, value, 'it has no definition') : included(terms, value);
  return /^\s*\$\{[^\n]*\}\s*$/.test(textIn(definition) ?? '')
    ? included(terms, definition)
    : machineOfValue(source, terms, definition, new Map());
}

/** `${file(machine.yml)}` is read; any other variable is known to the framework only. */
function included(terms: MachineTerms, at: SourceValue): Machine {
  const text = textIn(at)?.trim() ?? '';
  const path = /^\$\{file\(\s*['"]?([^)$'"]+?)['"]?\s*\)(?::\w+)?\}$/.exec(text)?.[1];
  if (path !== undefined) return { kind: 'elsewhere', terms, at, path, values: new Map() };
  return unknownMachine(terms, at, `only the Serverless Framework knows it: ${text.slice(0, 80)}`);
}
