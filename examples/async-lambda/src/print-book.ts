import { createHash } from 'node:crypto';
import type { Progress } from './progress.ts';

export interface Book {
  readonly jobId: string;
  readonly chapters: number;
  /** An attempt that began with the first chapter crashes before this one; saved chapters are not printed again. */
  readonly crashBefore?: number;
}

/**
 * Does the long work, chapter by chapter; an attempt continues where the previous one was lost. It knows nothing of callbacks; the
 * signal is aborted when nobody waits for the book.
 * @throws {Error} `NoSuchBook`
 */
export async function printBook({ jobId, chapters, crashBefore }: Book, progress: Progress, signal: AbortSignal) {
  if (!(chapters >= 1 && chapters <= 1000)) {
    throw Object.assign(new Error(`a book has 1 to 1000 chapters, not ${chapters}`), { name: 'NoSuchBook' });
  }
  const found = await progress.done(jobId);
  for (let chapter = found + 1; chapter <= chapters; chapter += 1) {
    signal.throwIfAborted();
    if (chapter === crashBefore && found === 0) process.exit(1);
    print(jobId, chapter);
    await progress.save(jobId, chapter, chapters);
  }
  return { message: 'Async func completed!', jobId, chapters, resumedAfter: found };
}

/** Takes a while: a printed chapter is the digest of a digest of a digest. */
function print(jobId: string, chapter: number): string {
  let text = `${jobId}/${chapter}`;
  for (let round = 0; round < 2_000; round += 1) text = createHash('sha256').update(text).digest('hex');
  return text;
}
