/**
 * The file in which a job may leave its output. A job of another user finds it made: that user's own file, in a folder of the notifier, so
 * that the job can write it and put nothing else in its place.
 */
import { constants } from 'node:fs';
import { chmod, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MAX_REPORT_BYTES } from '@baton/token-lib';
import { messageOf } from './exit-codes.ts';
import type { OutputFile } from './job-outcome.ts';
import type { JobUser } from './job-user.ts';
import { isErrno } from './marker-store.ts';

/** @throws when the file cannot be made */
export async function prepareOutputFile(file: string, jobUser: JobUser): Promise<void> {
  if (jobUser.kind !== 'other') return;
  await mkdir(dirname(file), { recursive: true });
  await chmod(dirname(file), 0o711);
  await removeOutputFile(file, jobUser);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.chown(jobUser.user.uid, jobUser.user.gid);
  } finally {
    await handle.close();
  }
}

export async function readOutputFile(file: string, jobUser: JobUser): Promise<OutputFile> {
  const unreadable = (why: string): OutputFile => ({ kind: 'unreadable', why });
  // A pipe must not hold the notifier, and a link must not lead root anywhere.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (jobUser.kind === 'other' ? constants.O_NOFOLLOW : 0);
  try {
    const handle = await open(file, flags);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return unreadable(found.isDirectory() ? 'is a folder' : 'is not a regular file');
      if (found.size === 0) return { kind: 'none' };
      if (found.size > MAX_REPORT_BYTES) return { kind: 'too-large' };
      return { kind: 'text', text: await handle.readFile('utf8') };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return isErrno(error, 'ENOENT') ? { kind: 'none' } : unreadable(`cannot be read: ${messageOf(error)}`);
  }
}

/** A folder that a job of this program's own user has made of it goes too; root follows no other user's folders. */
export async function removeOutputFile(file: string, jobUser: JobUser): Promise<void> {
  await rm(file, { force: true, recursive: jobUser.kind !== 'other' });
}
