/**
 * The agent's aws:downloadContent: fetches one object of S3 over HTTP, as the host: with the keys of its instance profile, from the endpoint
 * that its environment names (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or this local AWS). Nothing is left where it fails.
 */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { World } from '../../kernel/service.ts';
import type { AgentHost } from '../../kit/host.ts';
import type { RenderedStep } from './render-steps.ts';

interface S3Place {
  readonly bucket: string;
  readonly key: string;
}

/** @returns the file. @throws {Error} that says what could not be had, and from where */
export async function downloadContent(
  world: World,
  host: AgentHost,
  { sourceInfo, destinationPath }: Extract<RenderedStep, { kind: 'download' }>,
): Promise<string> {
  const { bucket, key } = placeOf(sourceInfo);
  const endpoint = host.environment['AWS_ENDPOINT_URL_S3'] ?? host.environment['AWS_ENDPOINT_URL'] ?? world.endpoint();
  const headers = await signedHeaders(world, host);
  const ask = async (path: string): Promise<Response> => {
    const response = await fetch(`${endpoint}/${path}`, { headers }).catch((cause: unknown) => {
      throw new Error(`${endpoint} is out of reach, from where s3://${bucket}/${key} was to come`, { cause });
    });
    if (response.ok) return response;
    throw new Error(`s3://${bucket}/${key}: ${refusalIn(await response.text()) ?? `S3 answered ${response.status}`}`);
  };
  // The agent lists before it downloads, to tell a file from a folder. [documented: source of amazon-ssm-agent]
  const listed = await (await ask(`${bucket}?list-type=2&prefix=${encodeURIComponent(key)}`)).text();
  if (!keysIn(listed).includes(key)) throw new Error(`there is no object s3://${bucket}/${key}`);
  const object = await ask(`${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
  return save(object, await fileFor(onHost(host, destinationPath), key));
}

async function save(response: Response, file: string): Promise<string> {
  const part = `${file}.part`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(part, new Uint8Array(await response.arrayBuffer()));
    await rename(part, file);
    return file;
  } finally {
    await rm(part, { force: true });
  }
}

const S3_HOST = /^(?:(.+)\.)?s3[.-][a-z0-9.-]*amazonaws\.[a-z.]+$/;

/** By path or by virtual host. [documented: Systems Manager User Guide, "aws:downloadContent"] */
function placeOf(sourceInfo: string): S3Place {
  const { path } = JSON.parse(sourceInfo) as { path?: unknown };
  const url = typeof path === 'string' && URL.canParse(path) ? new URL(path) : undefined;
  const host = S3_HOST.exec(url?.hostname ?? '');
  const segments = (url?.pathname ?? '').split('/').slice(1).map(decodeURIComponent);
  const [bucket, ...rest] = host?.[1] === undefined ? segments : [host[1], ...segments];
  const key = rest.join('/');
  if (host !== null && bucket !== undefined && key !== '') return { bucket, key };
  const form = '{"path": "https://s3.REGION.amazonaws.com/BUCKET/KEY"}';
  throw new Error(`${sourceInfo} names no object of S3: expected ${form}`);
}

/** A path on the host, as it lies on this machine: never outside the host's folder. */
function onHost({ folder }: AgentHost, path: string): string {
  const inside = resolve(folder, path);
  return relative(folder, inside).startsWith('..') ? join(folder, resolve('/', path)) : inside;
}

/** A folder that is there gets the object under its own name. */
async function fileFor(destination: string, key: string): Promise<string> {
  const isFolder =
    destination.endsWith('/') || (await stat(destination).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? join(destination, basename(key)) : destination;
}

/** What tells who asks; signatures are not verified here (P3). */
async function signedHeaders(world: World, { environment }: AgentHost): Promise<Record<string, string>> {
  const metadata = `${environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? ''}/latest`;
  const tokenHeaders = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await (await fetch(`${metadata}/api/token`, { method: 'PUT', headers: tokenHeaders })).text();
  const read = async (path: string): Promise<string> =>
    (
      await fetch(`${metadata}/meta-data/iam/security-credentials/${path}`, {
        headers: { 'x-aws-ec2-metadata-token': token },
      })
    ).text();
  const { AccessKeyId, Token } = JSON.parse(await read(await read(''))) as { AccessKeyId: string; Token: string };
  const date = new Date(world.clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${AccessKeyId}/${date}/${world.region}/s3/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-security-token': Token,
  };
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

const keysIn = (xml: string): string[] =>
  [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescaped(key ?? ''));

function refusalIn(xml: string): string | undefined {
  const [, code] = /<Code>([^<]*)<\/Code>/.exec(xml) ?? [];
  const [, message] = /<Message>([^<]*)<\/Message>/.exec(xml) ?? [];
  return code === undefined ? undefined : `${code}: ${unescaped(message ?? '')}`;
}
