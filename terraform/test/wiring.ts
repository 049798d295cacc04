import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder } from './terraform.ts';

export interface FunctionEntry {
  readonly bundle: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values are known only after the deployment, such as the endpoint. */
  readonly environmentOnceDeployed?: Readonly<Record<string, string>>;
  readonly queues?: readonly { readonly queue: string; readonly batchSize: number }[];
}
export interface Queue {
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}
export interface Route {
  readonly route: string;
  readonly function: string;
  readonly authorization: string;
}
export interface Events {
  readonly rules: Readonly<Record<string, { readonly function: string; readonly pattern: unknown }>>;
  readonly schedules: Readonly<Record<string, { readonly function: string; readonly expression: string }>>;
}

/** Fills in a template's variables, like Terraform's templatefile with plain names. */
export function fill(template: string, variables: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\$\$\{|\$\{(\w+)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const value = variables[name];
    if (value === undefined) throw new Error(`the template asks for ${name}, which the test does not give`);
    return String(value);
  });
}

/** A wiring file as deployed with these variables, without what is there only with an option of the module. */
export function readWiring<T>(file: string, variables?: Readonly<Record<string, string>>): T {
  const text = readFileSync(join(terraformFolder, 'modules/platform/wiring', file), 'utf8');
  return withoutOptions(JSON.parse(fill(text, { ...OF_OPTIONS, ...variables }))) as T;
}

/** What only they ask for. */
const OF_OPTIONS = { mail_from: '', mail_configuration_set: '', mails_per_second: '' };

function withoutOptions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const always = Object.entries(value).filter(([, inner]) => !isOption(inner));
  return Object.fromEntries(always.map(([name, inner]) => [name, withoutOptions(inner)]));
}

const isOption = (value: unknown): boolean => typeof value === 'object' && value !== null && 'onlyWith' in value;
