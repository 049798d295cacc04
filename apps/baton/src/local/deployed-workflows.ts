import type { LocalAws } from '@baton/local-aws';
import { deployPlatform, startWorkflow, type RunningWorkflow } from '@baton/local-platform';
import { buildBundles } from '../build-bundles.ts';
import { exampleFolders } from '../example-folders.ts';
import { readChecked } from '../run/checked-workflow.ts';

/** Workflows of `baton local`, with the platform that they run on. */
export interface DeployedWorkflows {
  close(): void;
}

export interface PreparedWorkflows {
  /** Deploys the platform and each workflow, and prints where they are. */
  deploy(aws: LocalAws, line: (text: string) => void): Promise<DeployedWorkflows>;
}

/** Reads and checks the examples, and builds what they run. @throws {CliError} */
export function prepareWorkflows(): PreparedWorkflows {
  const workflows = exampleFolders().map(({ folder }) => readChecked(folder));
  buildBundles();
  return {
    async deploy(aws, line) {
      const running: RunningWorkflow[] = [];
      const close = (): void => running.forEach((each) => each.close());
      try {
        const deployment = await deployPlatform(aws);
        line(`  completer   ${deployment.endpoint}`);
        line(`  dispatcher  ${deployment.dispatcherFunctionArn}`);
        for (const workflow of workflows) {
          const started = await startWorkflow(aws, deployment, workflow);
          running.push(started);
          line(`  workflow    ${started.stateMachineArn}`);
        }
        return { close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
