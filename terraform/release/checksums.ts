import { createHash } from 'node:crypto';

/** Contents by file name. */
export type Files = Readonly<Record<string, Uint8Array>>;

const sha256 = (content: Uint8Array, encoding: 'hex' | 'base64') =>
  createHash('sha256').update(content).digest(encoding);

/** @returns the names of files that are in both and differ */
export const differences = (one: Files, other: Files): string[] =>
  Object.entries(one)
    .filter(([name, content]) => other[name] !== undefined && Buffer.compare(content, other[name]) !== 0)
    .map(([name]) => name);

/** SHA256SUMS is what `sha256sum -c` reads, SHA256SUMS.base64 what Terraform's `sha256_base64` takes. */
export function checksums(files: Files): Files {
  const list = (encoding: 'hex' | 'base64') =>
    Buffer.from(
      Object.entries(files)
        .map(([name, content]) => `${sha256(content, encoding)}  ${name}\n`)
        .join(''),
    );
  return { SHA256SUMS: list('hex'), 'SHA256SUMS.base64': list('base64') };
}
