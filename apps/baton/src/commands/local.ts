import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { deployPlatform, deployWorkflow, launchHost, readWorkflow, startServers } from '@baton/local-platform';
import { buildBundles } from '../build-bundles.ts';
import { CliError } from '../cli-error.ts';
import { exampleFolders } from '../example-folders.ts';
import type { Terminal } from '../terminal.ts';

export interface LocalOptions {
  readonly port: string;
  readonly bare?: boolean;
}

/** Keeps a local AWS running until SIGINT or SIGTERM. */
export async function runLocal(options: LocalOptions, { line, colors }: Terminal): Promise<void> {
  const port = parsePort(options.port);
  if (!options.bare) buildBundles();
  const aws = createLocalAws();
  try {
    const url = await aws.listen(port);
    line(`${colors.bold('Local AWS')} on ${colors.cyan(url)}`);
    if (!options.bare) await deployAll(aws, line);
    line('');
    line('Point any AWS client at it:');
    line(`  export AWS_ENDPOINT_URL=${url}`);
    line(`  export AWS_REGION=${aws.world.region} AWS_DEFAULT_REGION=${aws.world.region}`);
    line('  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test');
    line('');
    line(colors.dim('Ctrl-C stops it.'));
    await signal();
    line('stopping');
  } finally {
    await aws.close();
  }
}

async function deployAll(aws: LocalAws, line: (text: string) => void): Promise<void> {
  const deployment = await deployPlatform(aws);
  line(`  completer   ${deployment.endpoint}`);
  line(`  dispatcher  ${deployment.dispatcherFunctionArn}`);
  for (const { folder } of exampleFolders()) {
    const workflow = readWorkflow(folder);
    for (const instanceId of workflow.hosts) {
      await launchHost(aws, { endpoint: deployment.endpoint, instanceId, folder });
    }
    const servers = await startServers(workflow);
    process.once('exit', () => servers.close());
    line(`  workflow    ${await deployWorkflow(aws, deployment, workflow, servers.variables)}`);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CliError(`"${text}" is not a port: give a number from 1 to 65535, or 0 for a free one`);
  }
  return port;
}

const signal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
