import { createLocalAws, type LocalAws } from '@baton/local-aws';
import {
  deployPlatform,
  deployWorkflow,
  doorRequest,
  launchHost,
  readWorkflow,
  type Workflow,
} from '@baton/local-platform';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildBundles } from '../build-bundles.ts';
import { CliError } from '../cli-error.ts';
import { findExample, userFolder } from '../example-folders.ts';
import type { Terminal } from '../terminal.ts';
import { entryOf, type Entry } from '../timeline.ts';

export interface RunOptions {
  readonly input?: string;
  readonly command?: string;
  readonly folder?: string;
  readonly fail?: boolean;
  readonly loseHost?: boolean;
}

/** Runs one execution of an example, start to end. Answers the exit status: 0 when it succeeded, else 1. */
export async function runExample(example: string, options: RunOptions, terminal: Terminal): Promise<0 | 1> {
  const workflow = readWorkflow(findExample(example));
  const input = readInput(workflow, options);
  buildBundles();

  const aws = createLocalAws();
  const stopped = new AbortController();
  const onInterrupt = (): void => stopped.abort();
  process.once('SIGINT', onInterrupt);
  try {
    await aws.listen();
    const deployment = await deployPlatform(aws);
    for (const instanceId of workflow.hosts) {
      await launchHost(aws, { endpoint: deployment.endpoint, instanceId, folder: jobFolder(workflow, options) });
    }
    const stateMachineArn = await deployWorkflow(aws, deployment, workflow);
    return await showExecution(
      aws,
      { stateMachineArn, input: JSON.stringify(input) },
      options,
      stopped.signal,
      terminal,
    );
  } finally {
    process.off('SIGINT', onInterrupt);
    await aws.close();
  }
}

async function showExecution(
  aws: LocalAws,
  start: { stateMachineArn: string; input: string },
  options: RunOptions,
  interrupted: AbortSignal,
  terminal: Terminal,
): Promise<0 | 1> {
  const began = performance.now();
  const print = (entry: Entry): void => printEntry(terminal, performance.now() - began, entry);
  const ended = Promise.withResolvers<void>();
  interrupted.addEventListener('abort', () => ended.reject(new CliError('interrupted', 1)));
  let hostLost = false;
  const ignore = aws.observe({
    call(call) {
      const entry = entryOf(call);
      if (entry) print(entry);
      if (options.loseHost && !hostLost && doorRequest(call)?.verb === 'heartbeat') {
        hostLost = true;
        const [host] = aws.hosts.list();
        if (!host) return;
        print({ kind: 'bad', title: 'host lost', detail: `host ${host.instanceId} is terminated` });
        void aws.hosts.terminate(host.instanceId);
      }
    },
    event(event) {
      if (event.source === 'aws.states' && event.detail['status'] !== 'RUNNING') ended.resolve();
    },
  });
  try {
    const { executionArn } = await aws.call('states', 'StartExecution', start);
    await ended.promise;
    const execution = await aws.call('states', 'DescribeExecution', { executionArn });
    return printEnd(terminal, performance.now() - began, execution);
  } finally {
    ignore();
  }
}

function printEntry({ live, line, interactive, colors }: Terminal, elapsed: number, entry: Entry): void {
  const paint = { step: colors.cyan, progress: colors.dim, good: colors.green, bad: colors.red }[entry.kind];
  const text = `${colors.dim(seconds(elapsed).padStart(9))}  ${paint(entry.title.padEnd(18))}  ${entry.detail}`;
  if (interactive && entry.kind === 'progress') live(text);
  else line(text);
}

function printEnd({ line, colors }: Terminal, elapsed: number, execution: Record<string, unknown>): 0 | 1 {
  const status = String(execution['status']);
  const total = colors.dim(`total ${seconds(elapsed)}`);
  if (status === 'SUCCEEDED') {
    line('');
    line(`${colors.bold(colors.green(status))}  ${total}`);
    line(pretty(String(execution['output'])));
    return 0;
  }
  const { error, cause } = execution as { error?: string; cause?: string };
  line('');
  line(`${colors.bold(colors.red(status))}  ${total}`);
  line(`error  ${error ?? '(none)'}`);
  line(`cause  ${readableCause(cause)}`);
  return 1;
}

/** A Lambda's cause is JSON around the message. */
function readableCause(cause: string | undefined): string {
  if (!cause) return '(none)';
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(3)} s`;
const pretty = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);

function readInput(workflow: Workflow, options: RunOptions): Record<string, unknown> {
  const named = options.input ? resolve(userFolder, options.input) : join(workflow.folder, 'input.json');
  const file = options.input && !existsSync(named) ? join(workflow.folder, options.input) : named;
  if (!existsSync(file)) throw new CliError(`there is no input file ${options.input ?? file}`, 66);
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${(error as Error).message}`, 65);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new CliError(`${file} must hold a JSON object, as the workflow's states read its members`, 65);
  }
  return withCommand({ ...input }, options);
}

function withCommand(input: Record<string, unknown>, { command, fail }: RunOptions): Record<string, unknown> {
  if (command === undefined && !fail) return input;
  if (!Array.isArray(input['command'])) {
    throw new CliError('--command and --fail are for examples whose input has a "command"');
  }
  if (command?.trim() === '') throw new CliError('--command is empty');
  const argv: unknown[] = command === undefined ? input['command'] : ['sh', '-c', command];
  return { ...input, command: fail ? [...argv, '--fail'] : argv };
}

/** A program that the user names by a relative path is looked for in the user's own folder first, then beside the example. */
function jobFolder(workflow: Workflow, { folder, command }: RunOptions): string {
  if (folder !== undefined) {
    const chosen = resolve(userFolder, folder);
    if (!existsSync(chosen)) throw new CliError(`there is no folder ${folder}`, 66);
    return chosen;
  }
  if (command === undefined) return workflow.folder;
  const program = command.trim().split(/\s+/)[0] ?? '';
  const onlyBesideExample =
    program.startsWith('./') && !existsSync(join(userFolder, program)) && existsSync(join(workflow.folder, program));
  return onlyBesideExample ? workflow.folder : userFolder;
}
