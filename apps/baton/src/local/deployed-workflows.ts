import type { LocalAws } from '@baton/local-aws';
import { deployPlatform, startWorkflow, type RunningWorkflow } from '@baton/local-platform';
import { buildBundles } from '../build-bundles.ts';
import { exampleFolders, findExample } from '../example-folders.ts';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import type { Terminal } from '../terminal.ts';
import { watchWorkflow } from './watch-workflow.ts';

/** Workflows of `baton local`, with the platform that they run on. */
export interface DeployedWorkflows {
  close(): void;
}

export interface PreparedWorkflows {
  /** Deploys the platform and each workflow, and prints where they are. */
  deploy(aws: LocalAws, terminal: Terminal): Promise<DeployedWorkflows>;
}

/**
 * Reads and checks workflows, and builds what they run.
 * @param named their folders; where there is none, all examples
 * @throws {CliError}
 */
export async function prepareWorkflows(
  named: readonly string[],
  { watch }: { readonly watch: boolean },
): Promise<PreparedWorkflows> {
  const folders = named.length > 0 ? named.map(findExample) : exampleFolders().map(({ folder }) => folder);
  const read = folders.map(readChecked);
  buildBundles();
  const workflows = await Promise.all(read.map(bundleWorkflow));
  return {
    async deploy(aws, terminal) {
      const running: RunningWorkflow[] = [];
      const watched: (() => void)[] = [];
      const close = (): void => {
        watched.forEach((end) => end());
        running.forEach((each) => each.close());
      };
      try {
        const deployment = await deployPlatform(aws);
        terminal.line(`  completer   ${deployment.endpoint}`);
        terminal.line(`  dispatcher  ${deployment.dispatcherFunctionArn}`);
        for (const workflow of workflows) {
          const started = await startWorkflow(aws, deployment, workflow);
          running.push(started);
          terminal.line(`  workflow    ${started.stateMachineArn}`);
          if (watch) watched.push(watchWorkflow(aws, started, workflow.folder, terminal));
        }
        return { close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
