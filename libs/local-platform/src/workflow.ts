import type { LocalAws } from '@baton/local-aws';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from '@baton/token-lib';
import * as z from 'zod/mini';
import { zipFolder } from './bundle.ts';
import { deployNeeds, renderStatements, type Variables } from './deploy-needs.ts';
import { launchHost } from './host.ts';
import { Needs } from './needs.ts';
import type { Deployment } from './platform.ts';
import { createMachineRole } from './roles.ts';
import { startServers } from './servers.ts';
import { renderTemplate } from './template.ts';

/** A folder of examples/: its definition, the variables that Terraform loads beside it, and what it needs locally. */
export interface Workflow {
  readonly name: string;
  readonly folder: string;
  readonly template: string;
  readonly variables: Variables;
  readonly needs: Needs;
  /** The folder with the bundle of its functions, `main.mjs`. */
  readonly built: string;
}

const VariablesFile = z.record(z.string(), z.union([z.string(), z.number()]));

/** @throws Error when the folder has no workflow.asl.json, or a file of it cannot be read */
export function readWorkflow(folder: string): Workflow {
  const definition = join(folder, 'workflow.asl.json');
  if (!existsSync(definition)) throw new Error(`${folder} has no workflow.asl.json, so there is no workflow to run`);
  return {
    name: basename(folder).replaceAll(/[^A-Za-z0-9_-]/g, '-'),
    folder,
    built: join(folder, 'dist'),
    template: readFileSync(definition, 'utf8'),
    variables: readJson(join(folder, 'workflow.auto.tfvars.json'), VariablesFile) ?? {},
    needs: readJson(join(folder, 'local.json'), Needs) ?? Needs.parse({}),
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

/** A workflow that runs: executions of it can be started. */
export interface RunningWorkflow {
  readonly stateMachineArn: string;
  /** The addresses of its servers, e.g. `partner_url`. */
  readonly variables: Variables;
  /** What the names in its definition stand for. */
  readonly definitionVariables: Variables;
  /** Ends its servers. */
  close(): void;
}

/** Starts all that a workflow runs on: its servers, its hosts, whose jobs run in `hostFolder`, its resources and its state machine. */
export async function startWorkflow(
  aws: LocalAws,
  deployment: Deployment,
  workflow: Workflow,
  hostFolder = workflow.folder,
): Promise<RunningWorkflow> {
  const servers = await startServers(workflow);
  try {
    for (const instanceId of workflow.needs.hosts) {
      await launchHost(aws, { endpoint: deployment.endpoint, instanceId, folder: hostFolder });
    }
    return { ...(await deploy(aws, deployment, workflow, servers.variables)), ...servers };
  } catch (error) {
    servers.close();
    throw error;
  }
}

/**
 * Creates what the example needs and its state machine, as its main.tf does. `more` are variables that are known only now, such as the address
 * of a server.
 *
 * @returns the state machine's ARN
 */
export async function deployWorkflow(
  aws: LocalAws,
  deployment: Deployment,
  workflow: Workflow,
  more: Variables = {},
): Promise<string> {
  return (await deploy(aws, deployment, workflow, more)).stateMachineArn;
}

async function deploy(
  aws: LocalAws,
  deployment: Deployment,
  workflow: Workflow,
  more: Variables,
): Promise<Pick<RunningWorkflow, 'stateMachineArn' | 'definitionVariables'>> {
  const { name, template } = workflow;
  const given = { partition: aws.world.partition, ...workflow.variables, ...platformVariables(deployment), ...more };
  const variables = await deployNeeds(aws, workflow, given);
  const { region, accountId } = aws.world;
  const statements = renderStatements(
    workflow.needs.statements,
    { ...variables, states_arn: `arn:aws:states:${region}:${accountId}` },
    `${name}/local.json`,
  );
  const roleArn = await createMachineRole(aws, { machine: name, statements });
  const machine = await aws.call('states:CreateStateMachine', {
    name,
    definition: renderTemplate(template, variables, `${name}/workflow.asl.json`),
    roleArn,
  });
  return { stateMachineArn: String(machine['stateMachineArn']), definitionVariables: variables };
}

/**
 * Puts the workflow's definition and the code of its functions in place of those that run. Executions in flight keep the definition that they
 * were started with, as on AWS; what local.json adds or takes away comes with the next start.
 * @throws {AwsError} where Step Functions does not take the definition: the one before stays
 */
export async function updateWorkflow(aws: LocalAws, running: RunningWorkflow, workflow: Workflow): Promise<void> {
  const { name, template, needs, built } = workflow;
  const variables = { ...running.definitionVariables, ...workflow.variables };
  const definition = renderTemplate(template, variables, `${name}/workflow.asl.json`);
  await aws.call('states:UpdateStateMachine', { stateMachineArn: running.stateMachineArn, definition });
  for (const fn of Object.keys({ ...needs.functions, ...needs.workers })) {
    const ZipFile = zipFolder(built, name);
    await aws.call('lambda:UpdateFunctionCode', { FunctionName: `${name}-${fn}`, ZipFile });
  }
}

const platformVariables = (deployment: Deployment): Variables => ({
  dispatcher_function_arn: deployment.dispatcherFunctionArn,
  endpoint: deployment.endpoint,
  completions_queue_url: deployment.completionsQueueUrl,
  notice_topic_arn: deployment.noticeTopicArn,
  queue_function_arn: deployment.queueFunctionArn,
  destination_function_arn: deployment.destinationFunctionArn,
  api_execution_arn: deployment.apiExecutionArn,
});
