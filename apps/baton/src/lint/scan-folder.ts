import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a folder holds for lint to read, and what it passes over. */
export interface Scan {
  /** Full paths, in order. */
  readonly files: readonly string[];
  /** Full paths of folders that are not looked into, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Lists the files of a folder that may hold definitions. A folder that cannot be listed is listed itself: reading it says why. */
export function scanFolder(folder: string): Scan {
  const entries = entriesIn(folder);
  if (entries === undefined) return { files: [folder], skipped: [] };
  const scans = entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((entry) => scanEntry(entry, join(folder, entry.name)));
  return { files: scans.flatMap(({ files }) => files), skipped: scans.flatMap(({ skipped }) => skipped) };
}

const NOTHING: Scan = { files: [], skipped: [] };

function scanEntry(entry: Dirent, path: string): Scan {
  if (entry.isDirectory()) {
    const reason = reasonToSkip(entry.name);
    return reason === undefined ? scanFolder(path) : { files: [], skipped: [{ path, reason }] };
  }
  if (!entry.isFile()) {
    return entry.isSymbolicLink() && mayDeclare(entry.name)
      ? { files: [], skipped: [{ path, reason: 'a symbolic link' }] }
      : NOTHING;
  }
  return mayDeclare(entry.name) ? { files: [path], skipped: [] } : NOTHING;
}

function reasonToSkip(name: string): string | undefined {
  if (name === 'node_modules') return 'installed packages';
  return name.startsWith('.') ? 'a hidden folder' : undefined;
}

const mayDeclare = (name: string): boolean => /\.(?:json|ya?ml|template|tf)(?:\.tftpl)?$/i.test(name);

/** Whether the name alone says that the file is a definition. */
export const isNamedDefinition = (path: string): boolean => /\.asl\.(?:json|ya?ml)(?:\.tftpl)?$/i.test(path);

function entriesIn(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Errors of permissions and disks, and files too long for a string. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error;
