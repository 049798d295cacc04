/**
 * The instance metadata service, version 2: a session token, then the credentials of the host's role and its region.
 * Version 1 is never asked: a host without IMDSv2 is a host that an SSRF can rob.
 * Source: EC2 user guide, "Use the Instance Metadata Service to access instance metadata".
 */
import { type Credentials, type Identity, NoCredentialsError, parseJson, type Send } from '@baton/token-lib';
import * as z from 'zod/mini';

/** As the SDKs have it: the service is a link away. */
const TIMEOUT_MS = 1_000;
/** EC2 has new credentials ready five minutes before the old ones expire. */
const REFRESH_MARGIN_MS = 300_000;

const CredentialsDocument = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.string(),
});

export interface HostCredentials extends Credentials {
  readonly expiresAtMs: number;
}

export function needsRefresh(kept: HostCredentials | undefined, nowMs: number): boolean {
  return kept === undefined || kept.expiresAtMs - nowMs < REFRESH_MARGIN_MS;
}

/**
 * The identity of this host: its role's credentials are kept until shortly before they expire.
 *
 * @throws {NoCredentialsError} where the host has no role, or the service refuses: retrying soon does not help
 */
export function instanceMetadata(endpoint: string, knownRegion: string | undefined, send: Send): Identity {
  let kept: HostCredentials | undefined;
  let region = knownRegion;

  async function read(path: string): Promise<string> {
    const session = await send(
      {
        method: 'PUT',
        url: `${endpoint}/latest/api/token`,
        headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
      },
      TIMEOUT_MS,
    );
    if (session.status !== 200)
      throw new Error(`the instance metadata service gave no session (status ${session.status})`);
    const headers = { 'x-aws-ec2-metadata-token': session.body };
    const answer = await send({ method: 'GET', url: `${endpoint}/latest/meta-data/${path}`, headers }, TIMEOUT_MS);
    if (answer.status === 404)
      throw new NoCredentialsError(`the instance metadata service has no ${path}: has the host a role?`);
    if (answer.status !== 200) throw new Error(`the instance metadata service answered ${answer.status} for ${path}`);
    return answer.body.trim();
  }

  async function fetchCredentials(): Promise<HostCredentials> {
    const [role] = (await read('iam/security-credentials/')).split('\n');
    const document = CredentialsDocument.safeParse(parseJson(await read(`iam/security-credentials/${role ?? ''}`)));
    if (!document.success)
      throw new NoCredentialsError(`the instance metadata service gave no credentials for the role ${role ?? ''}`);
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = document.data;
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: Token,
      expiresAtMs: Date.parse(Expiration),
    };
  }

  return {
    async credentials(nowMs) {
      if (kept !== undefined && !needsRefresh(kept, nowMs)) return kept;
      try {
        kept = await fetchCredentials();
      } catch (error) {
        if (kept === undefined || kept.expiresAtMs <= nowMs) throw error;
      }
      return kept;
    },
    forget() {
      kept = undefined;
    },
    async region() {
      region ??= await read('placement/region');
      return region;
    },
  };
}
