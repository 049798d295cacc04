/** Tells what a file is, and reads the state machines that it declares. */
import { readDocument } from '../document.ts';
import { member, type Node } from '../json-tree.ts';
import { machinesOfTemplate } from './cloudformation.ts';
import { definitionText } from './definition-text.ts';
import { jsonValue } from './json-value.ts';
import type { HclParser } from './hcl-parser.ts';
import type { Machine, MachineTerms, Reading } from './machine.ts';
import { fillIn } from './placeholder.ts';
import { originOf, sourceFile, type SourceFile } from './source-file.ts';
import { entry, type SourceValue } from './source-value.ts';
import { machinesOfPart, machinesOfService } from './serverless.ts';
import { machinesOfModule } from './terraform.ts';
import { machinesOfPlan } from './terraform-plan.ts';
import { parseYaml } from './yaml-value.ts';

/** What a file is read with: its name, and what is known of a definition that is the whole file. */
export interface Input extends Omit<MachineTerms, 'machine'> {
  readonly text: string;
  readonly machine?: string;
  /** What its declaration fills in for placeholders. */
  readonly values?: ReadonlyMap<string, string>;
}

/**
 * Returns undefined when the file is of no known form.
 * @throws {SyntaxProblem} when the file is not of the language that its name or its beginning says
 */
export function readMachines(input: Input, tools: ReadingTools): Reading | undefined {
  if (/\.tf$/.test(input.file)) return readTerraform(input, tools);
  return isYaml(input) ? readYaml(input) : readJson(input);
}

/** What reading needs beside the text itself. */
export interface ReadingTools {
  /** Undefined while no file of Terraform's language is to be read. */
  readonly hcl?: HclParser | undefined;
  /** @returns the texts of the other `*.tf` files in the folder of this one */
  readonly moduleOf?: (file: string) => readonly { readonly file: string; readonly text: string }[];
}

function readTerraform({ file, text }: Input, { hcl, moduleOf = () => [] }: ReadingTools): Reading | undefined {
  if (!hcl) return undefined;
  const source = sourceFile(file, text, 'hcl');
  const others = USES_OTHERS.test(text) ? moduleOf(file) : [];
  const files = [source, ...others.map((other) => sourceFile(other.file, other.text, 'hcl'))];
  return { form: 'Terraform', source, machines: machinesOfModule(files, hcl) };
}

/** What may be declared in another file of the module. */
const USES_OTHERS = /\blocal\.|\bdata\.template_file\./;

const YAML_FILE = /\.ya?ml(?:\.tftpl)?$/i;
const YAML_START =
  /^(?:Comment|StartAt|States|QueryLanguage|AWSTemplateFormatVersion|Resources|Transform|service|stepFunctions):/m;

const isYaml = ({ file, text }: Input): boolean =>
  YAML_FILE.test(file) || (!/^[\s\uFEFF]*[{[]/.test(text) && YAML_START.test(text));

function readYaml(input: Input): Reading | undefined {
  const source = sourceFile(input.file, input.text, 'yaml');
  const root = parseYaml(input.text);
  const template = machinesOfTemplate(source, root);
  if (template) return { form: 'CloudFormation', source, machines: template };
  const service = machinesOfService(source, root);
  if (service) return { form: 'Serverless Framework', source, machines: service };
  // A file that a service includes has a machine without saying whose.
  const isPart = input.machine !== undefined || entry(root, 'definition', 'StartAt') !== undefined;
  const part = isPart ? machinesOfPart(source, root, input.machine ?? 'definition') : undefined;
  if (part) return { form: 'Serverless Framework', source, machines: part };
  const isDefinition = entry(root, 'StartAt') && entry(root, 'States');
  if (!isDefinition && !/\.asl\.ya?ml/.test(input.file) && input.machine === undefined) return undefined;
  return { form: 'ASL', source, machines: [definitionIn(input, source, root)] };
}

function definitionIn(input: Input, source: SourceFile, root: SourceValue): Machine {
  const { text: _, values = NOTHING, ...terms } = input;
  const mapped = fillIn(definitionText(root, { intrinsics: false }), values);
  return { kind: 'known', origin: originOf(terms, mapped, source) };
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function readJson(input: Input): Reading | undefined {
  const { text, values = NOTHING, ...terms } = input;
  const whole = { text, toFile: (offset: number) => offset };
  const filled = fillIn(whole, values);
  const source = sourceFile(input.file, text, 'json');
  const origin = originOf(terms, filled, source);
  const { root } = readDocument(origin);
  const plan = machinesOfPlan(source, root);
  if (plan) return { form: 'Terraform plan', source, machines: plan };
  const template = member(root, 'Resources') && machinesOfTemplate(source, jsonValue(text, root));
  if (template) return { form: 'CloudFormation', source, machines: template };
  const isDefinition = /\.asl\.json/.test(input.file) || looksLikeDefinition(root) || input.machine !== undefined;
  return isDefinition ? { form: 'ASL', source, machines: [{ kind: 'known', origin }] } : undefined;
}

const looksLikeDefinition = (root: Node): boolean =>
  member(root, 'StartAt') !== undefined && member(root, 'States') !== undefined;
