/**
 * Markers on disk, a file per callback, readable by their owner alone. A marker appears whole or not at all: written beside its
 * place, synced, then linked (when it must be the first) or renamed.
 */
import { constants, type Stats } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CallbackId, jsonText } from '@baton/token-lib';
import { EXIT, ExitError, messageOf } from './exit-codes.ts';
import type { JobUser } from './job-user.ts';
import { Marker } from './marker.ts';

export interface MarkerStore {
  /** False when the callback has a marker already. */
  create(marker: Marker): Promise<boolean>;
  save(marker: Marker): Promise<void>;
  /** @throws ExitError (73) when there is a marker that cannot be read. */
  read(callbackId: string): Promise<Marker | undefined>;
  remove(callbackId: string): Promise<void>;
  callbackIds(): Promise<string[]>;
  /** Where the job of a callback may put its output: nobody else can look into the directory, so a job of another user has a place beside it. */
  outputFile(callbackId: string, of: JobUser['kind']): string;
}

/** @throws ExitError (73) when the directory cannot be made or written to, or others can write to it */
export async function openMarkerStore(directory: string): Promise<MarkerStore> {
  await openDirectory(directory);
  const fileOf = (callbackId: string) => join(directory, `${callbackId}.json`);
  const outputFile = (callbackId: string, of: JobUser['kind']) =>
    of === 'other' ? join(`${resolve(directory)}-output`, callbackId) : join(directory, `${callbackId}.output`);

  async function write(marker: Marker, place: (draft: string, file: string) => Promise<void>): Promise<void> {
    const draft = join(directory, `.${marker.callbackId}.${process.pid}`);
    await failing(`cannot write to the state directory ${directory}`, async () => {
      try {
        await writeSynced(draft, JSON.stringify(marker));
        await place(draft, fileOf(marker.callbackId));
        await syncDirectory(directory);
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  return {
    async create(marker) {
      let first = true;
      await write(marker, async (draft, file) => {
        await link(draft, file).catch((error: unknown) => {
          if (!isErrno(error, 'EEXIST')) throw error;
          first = false;
        });
      });
      return first;
    },
    async save(marker) {
      await write(marker, rename);
    },
    async read(callbackId) {
      const file = fileOf(callbackId);
      try {
        const marker = Marker.parse(JSON.parse(await readOwn(file)));
        // What is reported must not nest deeper than can be written.
        jsonText(marker, 'marker');
        return marker;
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return undefined;
        if (error instanceof ExitError) throw error;
        const advice = 'look at what became of the callback, then remove the file';
        throw new ExitError(EXIT.stateDirectory, `the marker ${file} cannot be read: ${advice}`, { cause: error });
      }
    },
    async remove(callbackId) {
      await rm(fileOf(callbackId), { force: true });
      await rm(outputFile(callbackId, 'own'), { force: true, recursive: true });
      await rm(outputFile(callbackId, 'other'), { force: true });
    },
    async callbackIds() {
      const files = await readdir(directory);
      return files
        .filter((file) => file.endsWith('.json'))
        .map((file) => file.slice(0, -5))
        .filter((id) => CallbackId.safeParse(id).success);
    },
    outputFile,
  };
}

/** Makes the directory where there is none, and refuses one that somebody else could have written to. */
async function openDirectory(directory: string): Promise<void> {
  await failing(`cannot use the state directory ${directory}`, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await readdir(directory);
  });
  const danger = dangerOf(await stat(directory), process.geteuid?.());
  if (danger !== undefined) {
    throw new ExitError(
      EXIT.stateDirectory,
      `the state directory ${directory} ${danger}: what it says of processes to stop cannot be trusted. Remove the markers (*.json) in it that this program has not written, then ${repair(directory, 'go-w')}`,
    );
  }
}

/**
 * Returns why others could have put something there; undefined where they could not.
 *
 * @param uid of this program; undefined where there are no users
 */
export function dangerOf({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, ownUid: number | undefined): string | undefined {
  if (ownUid === undefined) return undefined;
  if (uid !== ownUid && uid !== 0) return `belongs to user ${uid}, and this program runs as user ${ownUid}`;
  if ((mode & 0o022) !== 0) return `can be written by other users (mode ${(mode & 0o777).toString(8)})`;
  return undefined;
}

const repair = (path: string, change: string): string =>
  `"chown ${process.geteuid?.() ?? 0} ${path}; chmod ${change} ${path}"`;

/** Reads a file that nobody else can have written, and that is no link to another. */
async function readOwn(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const danger = dangerOf(await handle.stat(), process.geteuid?.());
    if (danger === undefined) return await handle.readFile('utf8');
    throw new ExitError(
      EXIT.stateDirectory,
      `the marker ${file} ${danger}, and is not trusted: look at what became of the callback, then remove the file`,
    );
  } finally {
    await handle.close();
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function failing(what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const why = messageOf(error);
    throw new ExitError(EXIT.stateDirectory, `${what}: ${why}`, { cause: error });
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
