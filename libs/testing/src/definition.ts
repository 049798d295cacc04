import { renderTemplate } from '@baton/local-platform/template';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

export type Variables = Readonly<Record<string, string | number>>;

/** A file's path, from the working directory; its URL; or the definition itself. */
export type WorkflowSource = string | URL | object;

/** Where the definitions of tests pretend to be. */
export const PLACE = { region: 'us-east-1', accountId: '123456789012' } as const;
const functionArn = (name: string): string => `arn:aws:lambda:${PLACE.region}:${PLACE.accountId}:function:${name}`;

/** The function that a definition hands its task token to. */
export const DISPATCHER = functionArn('baton-dispatcher');

const VariablesFile = z.record(z.string(), z.union([z.string(), z.number()]));

/**
 * Returns the definition as JSON text. Placeholders of Terraform's templates stand for the given variables, for those of workflow.auto.tfvars.json beside the
 * file, for the platform's, and by their names for queues, functions and topics: `jobs_queue_url` is the URL of a queue called `jobs`.
 * @throws {Error} for a variable that nothing says
 */
export function readDefinition(
  source: WorkflowSource,
  given: Variables,
): { readonly name: string; readonly text: string } {
  if (typeof source === 'object' && !(source instanceof URL)) return { name: 'workflow', text: JSON.stringify(source) };
  const file = source instanceof URL ? fileURLToPath(source) : resolve(source);
  if (!existsSync(file)) throw new Error(`there is no workflow ${file}: name the file of a state machine's definition`);
  const template = readFileSync(file, 'utf8');
  const values = { ...supposed(template), ...variablesBeside(file), ...given };
  return { name: basename(dirname(file)), text: renderTemplate(template, values, file) };
}

function variablesBeside(file: string): Variables {
  const beside = join(dirname(file), 'workflow.auto.tfvars.json');
  return existsSync(beside) ? z.parse(VariablesFile, JSON.parse(readFileSync(beside, 'utf8'))) : {};
}

/** Variables whose names say what they are. */
const SUPPOSED: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^dispatcher_function_arn$/, () => DISPATCHER],
  [/^partition$/, () => 'aws'],
  [/^region$/, () => PLACE.region],
  [/^account_id$/, () => PLACE.accountId],
  [/^(.+)_queue_url$/, (name) => `https://sqs.${PLACE.region}.amazonaws.com/${PLACE.accountId}/${name}`],
  [/^(.+)_queue_arn$/, (name) => `arn:aws:sqs:${PLACE.region}:${PLACE.accountId}:${name}`],
  [/^(.+)_function_arn$/, functionArn],
  [/^(.+)_function_name$/, (name) => name],
  [/^(.+)_topic_arn$/, (name) => `arn:aws:sns:${PLACE.region}:${PLACE.accountId}:${name}`],
  [/^(.+)_table_name$/, (name) => name],
  [/^(.+)_url$/, (name) => `https://${name}.example`],
];

function supposed(template: string): Variables {
  const names = [...template.matchAll(/(?<!\$)\$\{\s*([a-z_][a-z0-9_]*)\s*\}/g)].map(([, name]) => name ?? '');
  return Object.fromEntries(names.flatMap((name) => valueOf(name).map((value) => [name, value])));
}

function valueOf(variable: string): string[] {
  for (const [pattern, value] of SUPPOSED) {
    const found = pattern.exec(variable);
    if (found) return [value((found[1] ?? '').replaceAll('_', '-'))];
  }
  return [];
}
