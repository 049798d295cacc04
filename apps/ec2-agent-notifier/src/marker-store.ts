/**
 * Markers on disk, a file per callback, readable by their owner alone. A marker appears whole or not at all: written beside its
 * place, synced, then linked (when it must be the first) or renamed.
 */
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CallbackId, jsonText } from '@baton/token-lib';
import { EXIT, ExitError, messageOf } from './exit-codes.ts';
import { Marker } from './marker.ts';

export interface MarkerStore {
  /** False when the callback has a marker already. */
  create(marker: Marker): Promise<boolean>;
  save(marker: Marker): Promise<void>;
  /** @throws ExitError (73) when there is a marker that cannot be read. */
  read(callbackId: string): Promise<Marker | undefined>;
  remove(callbackId: string): Promise<void>;
  callbackIds(): Promise<string[]>;
  /** Where the job of a callback may put its output. */
  outputFile(callbackId: string): string;
}

/** @throws ExitError (73) when the directory cannot be made or written to. */
export async function openMarkerStore(directory: string): Promise<MarkerStore> {
  await failing(`cannot use the state directory ${directory}`, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await readdir(directory);
  });
  const fileOf = (callbackId: string) => join(directory, `${callbackId}.json`);
  const outputFile = (callbackId: string) => join(directory, `${callbackId}.output`);

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
        const marker = Marker.parse(JSON.parse(await readFile(file, 'utf8')));
        // What is reported must not nest deeper than can be written.
        jsonText(marker, 'marker');
        return marker;
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return undefined;
        const advice = 'look at what became of the callback, then remove the file';
        throw new ExitError(EXIT.stateDirectory, `the marker ${file} cannot be read: ${advice}`, { cause: error });
      }
    },
    async remove(callbackId) {
      await rm(fileOf(callbackId), { force: true });
      await rm(outputFile(callbackId), { force: true, recursive: true });
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
