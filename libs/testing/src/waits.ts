import type { CallbackId, Work } from '@baton/token-lib';
import type { Running, WorkReporter } from './workers.ts';

/** A state that waits for its callback, or has waited. */
export interface Wait {
  readonly executionArn: string;
  readonly state: string;
  readonly token: string;
  /** What the state asks for: Baton's work, or what a plain definition sends. */
  readonly asked:
    | { readonly by: 'baton'; readonly callbackId: CallbackId; readonly work: Work }
    | { readonly by: 'token'; readonly sent: unknown };
  readonly reporter: () => Promise<WorkReporter | undefined>;
  running?: Running;
}

/** What the state waits for, in a few words. */
export function describeWait({ state, asked }: Wait): string {
  if (asked.by === 'token') return `"${state}" waits for its callback: run.callback('${state}').succeed(...)`;
  const { work } = asked;
  switch (work.kind) {
    case 'approval':
      return `"${state}" waits for approval by ${work.approvers.map(({ name }) => name).join(', ')}: run.callback('${state}').approve(...)`;
    case 'ssm':
      return `"${state}" waits for a job on ${work.instanceId}, for which there is no worker: name one after its program or the state, or run.callback('${state}').succeed(...)`;
    case 'queue':
      return `"${state}" waits for a worker of the queue ${work.queueUrl.split('/').at(-1)}, which is not among "workers": run.callback('${state}').succeed(...)`;
    case 'lambda':
      return `"${state}" waits for the function ${work.functionName}, which is not among "workers": run.callback('${state}').succeed(...)`;
    case 'webhook':
      return `"${state}" waits for the partner ${new URL(work.url).host}: run.callback('${state}').succeed(...)`;
  }
}
