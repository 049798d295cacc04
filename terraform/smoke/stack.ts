import { terraformIn } from '../test/terraform.ts';

export type Variables = Readonly<Record<string, unknown>>;
export type Outputs = Readonly<Record<string, unknown>>;

/** A root of Terraform, its state where the caller says. */
export interface Stack {
  /** @throws in Terraform's words */
  apply(variables?: Variables): Promise<Outputs>;
  /** What a plan with the variables of the last apply would change; undefined where that is nothing, or was never applied. */
  drift(): Promise<string | undefined>;
  /** Whether its state has resources. */
  exists(): Promise<boolean>;
  /** Destroys what an apply has made, as far as it came. */
  destroy(): Promise<void>;
  dispose(): void;
}

export interface StackOptions {
  /** Of `terraform init`. */
  readonly init: readonly string[];
  /** Of each other command: where the state is. */
  readonly state?: readonly string[];
  /** Of plan, apply and destroy. */
  readonly given?: readonly string[];
}

const CHANGES = 2;

export function stackIn(folder: string, { init, state = [], given = [] }: StackOptions): Stack {
  const terraform = terraformIn(folder);
  /** What an operator reads of a failure: the errors, not the plan before them. */
  const must = (...args: string[]): Promise<string> =>
    terraform.must(...args).catch((error: Error) => {
      const errors = /^\s*│? ?Error: [^]*/m.exec(error.message)?.[0];
      throw new Error(`terraform ${args[0] ?? ''} in ${folder}: ${errors?.trim() ?? error.message}`, { cause: error });
    });
  let initialized: Promise<unknown> | undefined;
  let applied: readonly string[] | undefined;
  const ready = () => (initialized ??= must('init', '-input=false', '-no-color', '-reconfigure', ...init));
  const common = (variables: readonly string[]) => ['-input=false', '-no-color', ...given, ...variables, ...state];
  return {
    async apply(variables = {}) {
      await ready();
      applied = Object.entries(variables).map(([name, value]) => `-var=${name}=${asVariable(value)}`);
      await must('apply', '-auto-approve', ...common(applied));
      const printed = await must('output', '-json', ...state);
      const outputs = JSON.parse(printed) as Record<string, { value: unknown }>;
      return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    },
    async drift() {
      if (applied === undefined) return undefined;
      const { exitCode, output } = await terraform.run('plan', '-detailed-exitcode', ...common(applied));
      if (exitCode === 0) return undefined;
      if (exitCode === CHANGES) return output;
      throw new Error(output);
    },
    async exists() {
      await ready();
      return (await terraform.run('state', 'list', ...state)).output.split('\n').some((line) => /^\w+[.]/.test(line));
    },
    async destroy() {
      if (applied !== undefined) await must('destroy', '-auto-approve', ...common(applied));
    },
    dispose: () => terraform.dispose(),
  };
}

const asVariable = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
