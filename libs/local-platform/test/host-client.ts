import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { names } from '../src/index.ts';
import type { JobPlatform } from '../src/testing/index.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Calls the completer's HTTP handler as a host would, or as somebody else: signed with the role and session that are given. */
export function hostClient(
  platform: JobPlatform,
  { role, session = platform.instanceId }: { role?: string; session?: string } = {},
) {
  const { world } = platform.aws;
  const issued = world.credentials.issue({
    roleArn: `arn:aws:iam::${world.accountId}:role/${role ?? names.hostRole}`,
    sessionName: session,
    durationSeconds: 900,
  });
  const signer = new SignatureV4({
    service: 'execute-api',
    region: world.region,
    sha256: Sha256,
    credentials: {
      accessKeyId: issued.accessKeyId,
      secretAccessKey: issued.secretAccessKey,
      sessionToken: issued.session.token,
    },
  });

  return async (method: 'GET' | 'POST', path: string, content?: unknown): Promise<Answer> => {
    const url = new URL(`${platform.deployment.endpoint}${path}`);
    const body = content === undefined ? undefined : typeof content === 'string' ? content : JSON.stringify(content);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: { host: url.host, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const response = await fetch(url, { method, headers: signed.headers, ...(body !== undefined && { body }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}
