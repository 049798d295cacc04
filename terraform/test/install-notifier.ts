import type { LocalAws } from '@baton/local-aws';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const archive = fileURLToPath(new URL('../artifacts/dist/ec2-agent-notifier.tar.gz', import.meta.url));
const place = { s3_bucket: 'baton-releases', s3_key: 'ec2-agent-notifier.tar.gz' };

/** Puts the notifier's archive into the local S3. @returns the variables of environments/local that have a host install it */
export async function publishNotifier(aws: LocalAws): Promise<string[]> {
  const content = readFileSync(archive);
  await aws.call('s3:CreateBucket', { Bucket: place.s3_bucket });
  await aws.call('s3:PutObject', { Bucket: place.s3_bucket, Key: place.s3_key, Body: content });
  const sha256 = createHash('sha256').update(content).digest('hex');
  // This machine may reach no site of Node, and runs one that will do.
  const node = { path: process.execPath };
  return [`-var=notifier=${JSON.stringify({ ...place, sha256 })}`, `-var=node=${JSON.stringify(node)}`];
}

/** Resolves when the host's association has ended. @returns how */
export async function installed(aws: LocalAws, InstanceId: string): Promise<unknown> {
  for (;;) {
    const found = await aws.call('ssm:DescribeInstanceAssociationsStatus', { InstanceId });
    const [status] = found['InstanceAssociationStatusInfos'] as { Status: string }[];
    if (status !== undefined && status.Status !== 'Pending') return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
