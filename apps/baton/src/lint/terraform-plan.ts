/** Reads the state machines in the output of `terraform show -json`, for a plan or a state. */
import { type MachineType, type Origin } from './document.ts';
import { itemsOf, member, type Node, textOf } from './json-tree.ts';
import { locateIn, originsOf } from './position.ts';
import type { Report, RuleText } from './rule.ts';

export const unknownDefinitionRule: RuleText = {
  id: 'definition-unknown',
  severity: 'note',
  finds: 'A state machine whose definition is known only after apply (in plans)',
  why: 'It names something that does not exist yet, so nothing in it can be checked here.',
  mend: 'Lint the file that the definition is made from.',
};

export type PlannedMachine =
  | { readonly kind: 'known'; readonly address: string; readonly origin: Origin }
  | { readonly kind: 'unknown'; readonly address: string; readonly report: Report };

/** @returns undefined when the JSON is not a plan */
export function machinesOfPlan(file: string, text: string, root: Node): readonly PlannedMachine[] | undefined {
  const values = member(root, 'planned_values') ?? member(root, 'values');
  if (textOf(member(root, 'format_version')) === undefined) return undefined;
  const locate = locateIn(text);
  return resourcesOf(member(values, 'root_module'))
    .filter((resource) => textOf(member(resource, 'type')) === 'aws_sfn_state_machine')
    .map((resource) => {
      const address = textOf(member(resource, 'address')) ?? 'aws_sfn_state_machine';
      const definition = member(resource, 'values', 'definition');
      const definitionText = textOf(definition);
      if (!definition || definitionText === undefined) {
        return {
          kind: 'unknown',
          address,
          report: { at: resource, message: `the definition of ${address} is known after apply` },
        };
      }
      const origins = originsOf(
        text.slice(definition.offset, definition.offset + definition.length),
        definition.offset,
      );
      const origin: Origin = {
        ...{ file, machine: address, text: definitionText },
        type: machineType(member(resource, 'values', 'type')),
        logsParameters: logsParameters(member(resource, 'values', 'logging_configuration')),
        locate: (offset) => locate(origins[Math.min(offset, origins.length - 1)] ?? 0),
      };
      return { kind: 'known', address, origin };
    });
}

const resourcesOf = (module: Node | undefined): readonly Node[] => [
  ...itemsOf(member(module, 'resources')),
  ...itemsOf(member(module, 'child_modules')).flatMap(resourcesOf),
];

function machineType(node: Node | undefined): MachineType | undefined {
  const type = textOf(node);
  return type === 'STANDARD' || type === 'EXPRESS' ? type : undefined;
}

const logsParameters = (configuration: Node | undefined): boolean =>
  itemsOf(configuration).some(
    (each) => member(each, 'include_execution_data')?.value === true && textOf(member(each, 'level')) === 'ALL',
  );
