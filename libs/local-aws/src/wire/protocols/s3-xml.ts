import type { JsonObject } from '../../kernel/service.ts';
import { escapeXml } from './xml.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** The root elements of responses that have a body. */
const ROOTS: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: 'CompleteMultipartUploadResult',
  CreateMultipartUpload: 'InitiateMultipartUploadResult',
  DeleteObjects: 'DeleteResult',
  GetBucketLocation: 'LocationConstraint',
  GetBucketVersioning: 'VersioningConfiguration',
  ListBuckets: 'ListAllMyBucketsResult',
  ListObjectVersions: 'ListVersionsResult',
  ListObjectsV2: 'ListBucketResult',
};

/** The body of a response, empty for an action that has none. */
export function s3Xml(action: string, output: JsonObject): string {
  if (action === 'Error') return `${DECLARATION}<Error>${members(output)}</Error>`;
  const root = ROOTS[action];
  if (root === undefined) return '';
  const inner = action === 'GetBucketLocation' ? escapeXml(text(output['LocationConstraint'])) : members(output);
  return `${DECLARATION}<${root} xmlns="${NAMESPACE}">${inner}</${root}>`;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Lists are repeated elements; that of buckets alone stands in an element of its own. */
const members = (output: JsonObject): string =>
  Object.entries(output)
    .map(([name, value]) => {
      if (name === 'Buckets') return `<Buckets>${element('Bucket', value)}</Buckets>`;
      return element(name, value);
    })
    .join('');

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  const inner = typeof value === 'object' ? members(value as JsonObject) : escapeXml(text(value));
  return `<${name}>${inner}</${name}>`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return CHARACTERS[name] ?? whole;
    return String.fromCodePoint(/^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}

/** What stands in each element of that name, still as XML. The requests of S3 do not nest an element in its like. */
export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}>`, 'g'))].map((match) => match[1] ?? '');

/** The text of the first element of that name. */
export function firstElement(xml: string, name: string): string | undefined {
  const [found] = elements(xml, name);
  return found === undefined ? undefined : unescape(found);
}
