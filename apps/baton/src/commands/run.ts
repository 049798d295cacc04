import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { callbackRequest, deployPlatform, startWorkflow, type RunningWorkflow } from '@baton/local-platform';
import { buildBundles } from '../build-bundles.ts';
import { CliError, type Terminal } from '../terminal.ts';
import { findExample } from '../example-folders.ts';
import { watchInterruption } from '../interruption.ts';
import { applyHostWorkflow, type AppliedWorkflow } from '../run/applied-host-workflow.ts';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import { createDecisions, type Decision } from '../run/decisions.ts';
import { sayWhatIsRead } from '../run/files-read.ts';
import { checkOptions, jobFolder, readInput, type JobOptions } from '../run/job-input.ts';
import { jsonPrinter, textPrinter } from '../run/print.ts';
import { checkTerraform } from '../run/terraform.ts';
import { entryOf, mailEntry, type Entry } from '../timeline.ts';

export interface RunOptions extends JobOptions {
  readonly loseHost?: boolean;
  /** Whether Terraform deploys it, in place of the local twin of its modules. */
  readonly terraform?: boolean;
  readonly decide?: string;
  /** One JSON object a line, in place of text. */
  readonly json?: boolean;
  /** Whether calls need leave by IAM's policies. */
  readonly iam: 'on' | 'off';
}

/** Runs one execution of an example from start to end. @returns the exit status: 0 when it succeeded, else 1 */
export async function runExample(example: string, options: RunOptions, terminal: Terminal): Promise<0 | 1> {
  const decision = parseDecision(options.decide, terminal);
  const read = readChecked(findExample(example));
  checkOptions(read, options);
  const input = readInput(read, options);
  if (!options.json) sayWhatIsRead(read, options.input, terminal);
  if (options.terraform) checkTerraform();
  buildBundles();
  const workflow = await bundleWorkflow(read);

  const aws = createLocalAws({ iam: options.iam });
  const interruption = watchInterruption();
  let running: RunningWorkflow | undefined;
  let applied: AppliedWorkflow | undefined;
  try {
    await aws.listen();
    if (options.terraform) {
      applied = await applyHostWorkflow(aws, read, jobFolder(read, options), terminal);
      const { stateMachineArn, instanceId } = applied;
      const start = { stateMachineArn, input: JSON.stringify({ ...input, instanceId }) };
      return await showExecution(aws, start, { ...options, decision }, interruption.signal, terminal);
    }
    const deployment = await deployPlatform(aws);
    running = await startWorkflow(aws, deployment, workflow, jobFolder(workflow, options));
    const start = { stateMachineArn: running.stateMachineArn, input: JSON.stringify(input) };
    return await showExecution(aws, start, { ...options, decision }, interruption.signal, terminal);
  } finally {
    running?.close();
    if (applied !== undefined) terminal.line('terraform destroy');
    await applied?.destroy();
    await aws.close();
    interruption.release();
  }
}

async function showExecution(
  aws: LocalAws,
  start: { stateMachineArn: string; input: string },
  options: { readonly loseHost?: boolean; readonly json?: boolean; readonly decision: Decision },
  interrupted: AbortSignal,
  terminal: Terminal,
): Promise<0 | 1> {
  interrupted.throwIfAborted();
  const began = performance.now();
  const printer = options.json ? jsonPrinter(terminal) : textPrinter(terminal);
  const print = (entry: Entry): void => printer.entry(performance.now() - began, entry);
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {}); // It may come before anybody awaits it.
  interrupted.addEventListener('abort', () => ended.reject(interrupted.reason as CliError));
  const loseHost = options.loseHost ? hostLoser(aws, print) : undefined;
  const decisions = createDecisions(options.decision, print);
  let mails = aws.sns.outbox.length;
  const ignore = aws.observe({
    call(call) {
      const entry = entryOf(call);
      if (entry) print(entry);
      for (const mail of aws.sns.outbox.slice(mails)) {
        mails += 1;
        print(mailEntry(mail));
        decisions(mail);
      }
      if (callbackRequest(call)?.verb === 'heartbeat') loseHost?.();
    },
    event({ source, detail }) {
      const own = source === 'aws.states' && detail['stateMachineArn'] === start.stateMachineArn;
      if (own && detail['status'] !== 'RUNNING') ended.resolve();
    },
  });
  try {
    const { executionArn } = await aws.call('states:StartExecution', start);
    await ended.promise;
    const execution = await aws.call('states:DescribeExecution', { executionArn });
    return printer.end(performance.now() - began, execution);
  } finally {
    ignore();
  }
}

/** In a pipe nobody follows the links: everything is approved. */
function parseDecision(text: string | undefined, { interactive }: Terminal): Decision {
  if (text === undefined) return interactive ? undefined : 'approve';
  if (text === 'approve' || text === 'deny') return text;
  throw new CliError(`--decide is "${text}": it must be approve or deny`);
}

/** Terminates the first host, once. */
function hostLoser(aws: LocalAws, print: (entry: Entry) => void): () => void {
  let lost = false;
  return () => {
    const [host] = aws.hosts.list();
    if (lost || !host) return;
    lost = true;
    print({ kind: 'bad', title: 'host lost', detail: `host ${host.instanceId} is terminated` });
    void aws.hosts.terminate(host.instanceId);
  };
}
