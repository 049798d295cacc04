import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '../../kernel/aws-error.ts';

/** A function's code, unpacked. */
export interface Code {
  readonly folder: string;
  /** Of the zip, base64. */
  readonly sha256: string;
  /** Of the zip, in bytes. */
  readonly size: number;
}

/** @throws {AwsError} InvalidParameterValueException for what is not a zip, or one that reaches out of its folder */
export function unpack(zip: Uint8Array, parent: string): Code {
  const digest = createHash('sha256').update(zip).digest();
  const folder = join(parent, digest.toString('hex').slice(0, 16));
  // Without a package.json of its own, `.js` in the zip is what Lambda takes it for, whatever lies above.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(parent, 'package.json'), '{}');
  for (const [name, bytes] of Object.entries(entriesOf(zip))) {
    const path = normalize(join(folder, name));
    if (!path.startsWith(folder + sep)) throw invalid(`The zip holds ${name}, which lies outside of it.`);
    if (name.endsWith('/')) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return { folder, sha256: digest.toString('base64'), size: zip.length };
}

function entriesOf(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
