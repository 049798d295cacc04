/** Reads the state machines in the output of `terraform show -json`, for a plan or a state. */
import { endOf, itemsOf, member, type Node, textOf } from '../json-tree.ts';
import { originsOf } from '../position.ts';
import { type Machine, machineTypeOf, type MachineTerms, unknownMachine } from './machine.ts';
import { TextBuilder } from './mapped-text.ts';
import { originOf, type SourceFile } from './source-file.ts';

/** @returns undefined when the JSON is not a plan */
export function machinesOfPlan(source: SourceFile, root: Node): readonly Machine[] | undefined {
  const values = member(root, 'planned_values') ?? member(root, 'values');
  if (textOf(member(root, 'format_version')) === undefined) return undefined;
  return resourcesOf(member(values, 'root_module'))
    .filter((resource) => textOf(member(resource, 'type')) === 'aws_sfn_state_machine')
    .map((resource) => machineOf(source, resource));
}

function machineOf(source: SourceFile, resource: Node): Machine {
  const terms: MachineTerms = {
    file: source.file,
    machine: textOf(member(resource, 'address')) ?? 'aws_sfn_state_machine',
    type: machineTypeOf(textOf(member(resource, 'values', 'type'))),
    logsParameters: logsParameters(member(resource, 'values', 'logging_configuration')),
  };
  const definition = member(resource, 'values', 'definition');
  const text = textOf(definition);
  if (!definition || text === undefined) {
    return unknownMachine(terms, { start: resource.offset, end: resource.offset + 1 }, 'it is known after apply');
  }
  const origins = originsOf(source.text.slice(definition.offset, endOf(definition)), definition.offset);
  const mapped = new TextBuilder().map(text, origins).build(origins.at(-1) ?? definition.offset);
  const origin = originOf(terms, mapped, source);
  const written = origin.written && {
    ...origin.written,
    generatedBy: 'Terraform: change the configuration that it plans',
  };
  return { kind: 'known', origin: { ...origin, ...(written ? { written } : {}) } };
}

const resourcesOf = (module: Node | undefined): readonly Node[] => [
  ...itemsOf(member(module, 'resources')),
  ...itemsOf(member(module, 'child_modules')).flatMap(resourcesOf),
];

const logsParameters = (configuration: Node | undefined): boolean =>
  itemsOf(configuration).some(
    (each) => member(each, 'include_execution_data')?.value === true && textOf(member(each, 'level')) === 'ALL',
  );
