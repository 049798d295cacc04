import type { LocalAws } from '@baton/local-aws';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import { deployNeeds, type Variables } from './deploy-needs.ts';
import type { Deployment } from './deploy.ts';
import { Needs } from './needs.ts';
import { renderTemplate } from './template.ts';

/** A folder of examples/: its definition, the variables that Terraform loads beside it, and what it needs locally. */
export interface Workflow {
  readonly name: string;
  readonly folder: string;
  readonly template: string;
  readonly variables: Variables;
  readonly needs: Needs;
  /** Instance ids of the hosts that the example needs. */
  readonly hosts: readonly string[];
}

const VariablesFile = z.record(z.string(), z.union([z.string(), z.number()]));

/** @throws when the folder has no workflow */
export function readWorkflow(folder: string): Workflow {
  const definition = join(folder, 'workflow.asl.json');
  if (!existsSync(definition)) throw new Error(`${folder} has no workflow.asl.json, so there is no workflow to run`);
  const needs = readJson(join(folder, 'local.json'), Needs) ?? {};
  return {
    name: basename(folder),
    folder,
    template: readFileSync(definition, 'utf8'),
    variables: readJson(join(folder, 'workflow.auto.tfvars.json'), VariablesFile) ?? {},
    needs,
    hosts: needs.hosts ?? [],
  };
}

function readJson<T extends z.ZodMiniType>(file: string, schema: T): z.output<T> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Creates what the example needs and its state machine, as its main.tf does. `more` are variables that are known only now, such as
 * the address of a server. Answers the machine's ARN.
 */
export async function deployWorkflow(
  aws: LocalAws,
  deployment: Deployment,
  workflow: Workflow,
  more: Variables = {},
): Promise<string> {
  const { name, template } = workflow;
  const given = { ...workflow.variables, ...platformVariables(deployment), ...more };
  const variables = await deployNeeds(aws, workflow, given);
  const machine = await aws.call('states:CreateStateMachine', {
    name,
    definition: renderTemplate(template, variables, `${name}/workflow.asl.json`),
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/baton-workflow`,
  });
  return String(machine['stateMachineArn']);
}

const platformVariables = (deployment: Deployment): Variables => ({
  dispatcher_function_arn: deployment.dispatcherFunctionArn,
  endpoint: deployment.endpoint,
  completions_queue_url: deployment.completionsQueueUrl,
  notice_topic_arn: deployment.noticeTopicArn,
  queue_function_arn: deployment.queueFunctionArn,
  destination_function_arn: deployment.destinationFunctionArn,
});
