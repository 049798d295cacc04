import type { LocalAws } from '@baton/local-aws';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod/mini';
import type { Deployment } from './deploy.ts';
import { renderTemplate } from './template.ts';

/** A folder of examples/: its definition and the variables that Terraform loads beside it. */
export interface Workflow {
  readonly name: string;
  readonly folder: string;
  readonly template: string;
  readonly variables: Readonly<Record<string, string | number>>;
  /** Instance ids of the hosts that the example needs, from its local.json. */
  readonly hosts: readonly string[];
}

const Variables = z.record(z.string(), z.union([z.string(), z.number()]));
const Local = z.object({ hosts: z.array(z.string()) });

/** @throws when the folder has no workflow */
export function readWorkflow(folder: string): Workflow {
  const definition = join(folder, 'workflow.asl.json');
  if (!existsSync(definition)) throw new Error(`${folder} has no workflow.asl.json, so there is no workflow to run`);
  const variables = readJson(join(folder, 'workflow.auto.tfvars.json'), Variables);
  const local = readJson(join(folder, 'local.json'), Local);
  return {
    name: basename(folder),
    folder,
    template: readFileSync(definition, 'utf8'),
    variables: variables ?? {},
    hosts: local?.hosts ?? [],
  };
}

function readJson<T extends z.core.$ZodType>(file: string, schema: T): z.core.output<T> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return z.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Creates the state machine, as the example's main.tf does. Answers its ARN. */
export async function deployWorkflow(aws: LocalAws, deployment: Deployment, workflow: Workflow): Promise<string> {
  const definition = renderTemplate(
    workflow.template,
    { ...workflow.variables, dispatcher_function_arn: deployment.dispatcherFunctionArn },
    `${workflow.name}/workflow.asl.json`,
  );
  const machine = await aws.call('states', 'CreateStateMachine', {
    name: workflow.name,
    definition,
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/baton-workflow`,
  });
  return String(machine['stateMachineArn']);
}
