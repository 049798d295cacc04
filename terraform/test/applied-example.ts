import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder, terraformIn, type Run, type Terraform } from './terraform.ts';

/** The root of an example, applied beside a platform. */
export interface AppliedExample {
  readonly name: string;
  readonly stateMachineArn: string;
  /** The text of workflow.asl.json and what its names stand for. */
  readonly template: string;
  readonly variables: Readonly<Record<string, string | number>>;
  plan(): Promise<Run>;
  destroy(): Promise<void>;
  dispose(): void;
}

/** The variables of an example beside the platform, by its name, as Terraform takes them. */
export type Given = Readonly<Record<string, readonly string[]>>;

interface Where {
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly given: Given;
}

export async function applyExample(
  name: string,
  platform: object,
  { scratch, environment, given }: Where,
): Promise<AppliedExample> {
  const terraform: Terraform = terraformIn(`../examples/${name}`, environment);
  const state = `-state=${join(scratch, `${name}.tfstate`)}`;
  const common = [
    '-input=false',
    '-no-color',
    `-var=platform=${JSON.stringify(platform)}`,
    ...(given[name] ?? []),
    state,
  ];
  await terraform.must('init', '-backend=false', '-input=false');
  await terraform.must('apply', '-auto-approve', ...common);
  const outputs = JSON.parse(await terraform.must('output', '-json', state)) as {
    state_machine_arn: { value: string };
    definition_variables: { value: Record<string, string | number> };
  };
  return {
    name,
    stateMachineArn: outputs.state_machine_arn.value,
    template: readFileSync(join(terraformFolder, `../examples/${name}/workflow.asl.json`), 'utf8'),
    variables: { partition: 'aws', ...outputs.definition_variables.value },
    plan: () => terraform.run('plan', '-detailed-exitcode', ...common),
    destroy: async () => void (await terraform.must('destroy', '-auto-approve', ...common)),
    dispose: () => terraform.dispose(),
  };
}
