/**
 * A workflow of a job on a host as Terraform deploys it: environments/local with a host that installs the notifier by the install document, and the
 * example's own main.tf, applied into a local AWS and destroyed after.
 */
import type { LocalAws } from '@baton/local-aws';
import { productFolder, type Workflow } from '@baton/local-platform';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, type Terminal } from '../terminal.ts';
import { checkTerraform, openRoot, run, type Root } from './terraform.ts';

const nx = join(productFolder, 'node_modules/.bin/nx');
const archive = join(productFolder, 'terraform/artifacts/dist/ec2-agent-notifier.tar.gz');
const place = { s3_bucket: 'baton-releases', s3_key: 'ec2-agent-notifier.tar.gz' };
const LOOK_AGAIN_MS = 100;

export interface AppliedWorkflow {
  readonly stateMachineArn: string;
  readonly instanceId: string;
  destroy(): Promise<void>;
}

/** @throws {CliError} where Terraform or its provider is missing, or the workflow is not one of a job on a host */
export async function applyHostWorkflow(
  aws: LocalAws,
  workflow: Workflow,
  jobs: string,
  terminal: Terminal,
): Promise<AppliedWorkflow> {
  checkTerraform();
  if (!existsSync(nx))
    throw new CliError('--terraform needs the repository: an installed package has no modules to apply');
  if (workflow.needs.hosts.length !== 1 || !existsSync(join(workflow.folder, 'main.tf'))) {
    throw new CliError('--terraform is for examples of a job on one host that have a main.tf: ec2-job');
  }
  const scratch = mkdtempSync(join(tmpdir(), 'baton-terraform-'));
  const roots: Root[] = [];
  const destroy = async (): Promise<void> => {
    for (const root of roots.splice(0).reverse()) await root.destroy();
    rmSync(scratch, { recursive: true, force: true });
  };
  const open = async (folder: string): Promise<Root> => {
    const root = await openRoot(folder, join(scratch, String(roots.length)), aws.world.endpoint());
    roots.push(root);
    return root;
  };
  try {
    await run(nx, ['run-many', '-t', 'package', 'package-notifier', '--outputStyle=static'], productFolder, {
      ...process.env,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
    });
    const environment = await open(join(productFolder, 'terraform/environments/local'));
    terminal.line('terraform apply  environments/local, with a host');
    await environment.apply([...(await publishNotifier(aws)), '-var=host={image_id="ami-00000000000000000"}']);
    const { platform, host_instance_id } = await environment.outputs();
    const instanceId = String(host_instance_id);
    await installed(aws, instanceId);
    cpSync(jobs, join(String(aws.hosts.get(instanceId)?.folder), 'var/lib/baton/work'), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    const example = await open(workflow.folder);
    terminal.line(`terraform apply  examples/${workflow.name}`);
    await example.apply([`-var=platform=${JSON.stringify(platform)}`]);
    const { state_machine_arn } = await example.outputs();
    return { stateMachineArn: String(state_machine_arn), instanceId, destroy };
  } catch (error) {
    await destroy().catch(() => undefined);
    throw error;
  }
}

async function publishNotifier(aws: LocalAws): Promise<string[]> {
  const content = readFileSync(archive);
  await aws.call('s3:CreateBucket', { Bucket: place.s3_bucket });
  await aws.call('s3:PutObject', { Bucket: place.s3_bucket, Key: place.s3_key, Body: content });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const node = { path: process.execPath };
  return [`-var=notifier=${JSON.stringify({ ...place, sha256 })}`, `-var=node=${JSON.stringify(node)}`];
}

/** @throws {CliError} with the association's own words */
async function installed(aws: LocalAws, InstanceId: string): Promise<void> {
  for (;;) {
    const found = await aws.call('ssm:DescribeInstanceAssociationsStatus', { InstanceId });
    const [last] = found['InstanceAssociationStatusInfos'] as { Status: string; ExecutionSummary?: string }[];
    if (last?.Status === 'Success') return;
    if (last?.Status === 'Failed')
      throw new CliError(`the host could not install the notifier: ${last.ExecutionSummary ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
