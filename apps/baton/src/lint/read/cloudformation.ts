/** Reads state machines out of templates of CloudFormation, SAM and the CDK (`cdk.out`), in YAML and JSON. */
import { callIn, literalsOf, textOfValue } from './intrinsics.ts';
import { definitionText } from './definition-text.ts';
import { type Machine, machineTypeOf, type MachineTerms, unknownMachine } from './machine.ts';
import { fillIn } from './placeholder.ts';
import { originOf, type SourceFile } from './source-file.ts';
import { entriesOf, entry, isTrue, itemsIn, type SourceEntry, type SourceValue, textIn } from './source-value.ts';

/** @returns undefined when the value is no template */
export function machinesOfTemplate(source: SourceFile, root: SourceValue): readonly Machine[] | undefined {
  const resources = entry(root, 'Resources');
  if (resources?.kind !== 'map') return undefined;
  return resources.entries.flatMap((resource) => machinesOfResource(source, resource));
}

const TYPES: ReadonlySet<string> = new Set(['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine']);

function machinesOfResource(source: SourceFile, { name, value }: SourceEntry): readonly Machine[] {
  // A loop of the language extensions: [variable, values, { resource... }]. The variable stays a placeholder.
  if (name.startsWith('Fn::ForEach::')) {
    const [, , body] = itemsIn(value);
    return entriesOf(body).flatMap((resource) => machinesOfResource(source, resource));
  }
  if (!TYPES.has(textIn(entry(value, 'Type')) ?? '')) return [];
  const properties = entry(value, 'Properties');
  const terms: MachineTerms = {
    file: source.file,
    machine: name,
    type: machineTypeOf(textIn(entry(properties, 'StateMachineType') ?? entry(properties, 'Type'))),
    logsParameters: logsParameters(entry(properties, 'LoggingConfiguration') ?? entry(properties, 'Logging')),
  };
  return [machineOf(source, terms, value, properties)];
}

const logsParameters = (logging: SourceValue | undefined): boolean =>
  isTrue(entry(logging, 'IncludeExecutionData')) && textIn(entry(logging, 'Level')) === 'ALL';

function machineOf(
  source: SourceFile,
  terms: MachineTerms,
  resource: SourceValue,
  properties: SourceValue | undefined,
): Machine {
  const values = literalsOf(entry(properties, 'DefinitionSubstitutions'));
  const definition = entry(properties, 'Definition');
  if (definition) return machineOfValue(source, terms, definition, values);
  const text = entry(properties, 'DefinitionString');
  if (text) return fromText(source, terms, text, values);
  const location = entry(properties, 'DefinitionUri') ?? entry(properties, 'DefinitionS3Location');
  if (location) return fromLocation(terms, location, values);
  return unknownMachine(terms, resource, 'it has no definition');
}

export function machineOfValue(
  source: SourceFile,
  terms: MachineTerms,
  definition: SourceValue,
  values: ReadonlyMap<string, string>,
): Machine {
  if (definition.kind !== 'map' || callIn(definition)) return fromText(source, terms, definition, values);
  const mapped = fillIn(definitionText(definition, { intrinsics: true }), values);
  return { kind: 'known', origin: originOf(terms, mapped, source) };
}

function fromText(
  source: SourceFile,
  terms: MachineTerms,
  value: SourceValue,
  values: ReadonlyMap<string, string>,
): Machine {
  const call = callIn(value);
  if (call?.name === 'Fn::ToJsonString') return machineOfValue(source, terms, call.argument, values);
  const mapped = textOfValue(value);
  if (!mapped || /^\s*\$\{[^{}]+\}\s*$/.test(mapped.text)) {
    return unknownMachine(terms, value, `${call?.name ?? 'a parameter'} decides it when the template is deployed`);
  }
  // The definition is JSON in a text of the template: a change of it is a change of that text.
  return { kind: 'known', origin: originOf(terms, fillIn(mapped, values), source, 'json') };
}

/** SAM and `aws cloudformation package` read a local path; anything else is an object in S3. */
function fromLocation(terms: MachineTerms, location: SourceValue, values: ReadonlyMap<string, string>): Machine {
  const path = textIn(location);
  if (path === undefined) {
    const asset = /^[\da-f]{64}\.json$/.exec(textIn(entry(location, 'Key')) ?? '')?.[0];
    if (asset !== undefined) return { kind: 'elsewhere', terms, at: location, path: `asset.${asset}`, values };
    return unknownMachine(terms, location, 'it is an object in S3');
  }
  if (path.startsWith('s3://')) return unknownMachine(terms, location, `it is an object in S3, ${path}`);
  if (path.includes('${'))
    return unknownMachine(terms, location, `its path is known when the template is deployed, ${path}`);
  return { kind: 'elsewhere', terms, at: location, path, values };
}
