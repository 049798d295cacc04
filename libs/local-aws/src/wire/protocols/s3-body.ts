import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../kernel/aws-error.ts';
import { header, type HttpRequest } from '../../kernel/http.ts';

/**
 * The bytes of an upload, out of the chunks that some clients send them in, and checked against what the request says of them.
 * @throws {AwsError} BadDigest, XAmzContentSHA256Mismatch, IncompleteBody
 */
export function s3Body(request: HttpRequest): Buffer {
  const chunked = header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-') === true;
  const { body, trailers } = chunked ? unchunk(request.body) : { body: request.body, trailers: {} };
  const said = (name: string): string | undefined => trailers[name] ?? header(request, name);
  const sha256 = createHash('sha256').update(body).digest();
  const given = header(request, 'x-amz-content-sha256');
  if (given !== undefined && /^[0-9a-f]{64}$/.test(given) && given !== sha256.toString('hex')) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new AwsError('XAmzContentSHA256Mismatch', message);
  }
  compare('Content-MD5', said('content-md5'), createHash('md5').update(body).digest());
  compare('x-amz-checksum-sha256', said('x-amz-checksum-sha256'), sha256);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  compare('x-amz-checksum-crc32', said('x-amz-checksum-crc32'), crc);
  return body;
}

function compare(name: string, given: string | undefined, computed: Buffer): void {
  if (given === undefined || given === computed.toString('base64')) return;
  throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}

const incomplete = (): AwsError => new AwsError('IncompleteBody', 'The request body terminated unexpectedly');

/** `SIZE[;chunk-signature=...]`, the bytes, and so on until a size of zero, behind which checksums may stand as headers. */
function unchunk(sent: Buffer): { readonly body: Buffer; readonly trailers: Readonly<Record<string, string>> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const size = Number.parseInt(sent.toString('latin1', at, end), 16);
    at = end + 2;
    if (Number.isNaN(size) || at + size > sent.length) throw incomplete();
    if (size === 0) return { body: Buffer.concat(chunks), trailers: trailersIn(sent.toString('latin1', at)) };
    chunks.push(sent.subarray(at, at + size));
    at += size + 2;
  }
}

const trailersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
