import type { LocalAws } from '@baton/local-aws';
import { updateWorkflow, type RunningWorkflow } from '@baton/local-platform';
import { watch } from 'node:fs';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import type { Terminal } from '../terminal.ts';

/** An editor writes a file in several steps: they count as one. */
const SETTLE_MILLISECONDS = 100;

/**
 * Deploys a workflow anew whenever a file of its folder changes. What does not compile or pass lint is named, and what ran before goes on.
 * @returns the way to end it
 */
export function watchWorkflow(
  aws: LocalAws,
  running: RunningWorkflow,
  folder: string,
  { line, error, colors }: Terminal,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const reload = async (file: string): Promise<void> => {
    try {
      await updateWorkflow(aws, running, await bundleWorkflow(readChecked(folder)));
      line(`${colors.green('reloaded')}  ${folder}: ${file} has changed; executions in flight go on as they began`);
    } catch (problem) {
      error(`baton: ${file} has changed, and what ran before goes on: ${(problem as Error).message}`);
    }
  };
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (file === null || isOthers(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void (last = last.then(() => reload(file))), SETTLE_MILLISECONDS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

const isOthers = (file: string): boolean =>
  /(^|[\\/])(node_modules|dist|\.terraform|\.git)([\\/]|$)|\.test\.\w+$|history\.json$/.test(file);
