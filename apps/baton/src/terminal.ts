import pc from 'picocolors';

/** Where a command prints. A `live` line is replaced by the next one on a terminal, and is an ordinary line in a pipe. */
export interface Terminal {
  readonly interactive: boolean;
  /** In characters; infinite in a pipe. */
  readonly width: number;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly line: (text: string) => void;
  readonly live: (text: string) => void;
  /** To stderr, after the live line. */
  readonly error: (text: string) => void;
}

let liveShown = false;
const clearLive = (): void => {
  if (liveShown) process.stdout.write('\r\x1b[2K');
  liveShown = false;
};

export const terminal: Terminal = {
  interactive: process.stdout.isTTY,
  get width() {
    return process.stdout.columns || Infinity;
  },
  colors: pc.createColors(process.stdout.isTTY && pc.isColorSupported),
  line(text) {
    clearLive();
    process.stdout.write(`${text}\n`);
  },
  live(text) {
    clearLive();
    process.stdout.write(cut(text, (process.stdout.columns || 80) - 1));
    liveShown = true;
  },
  error(text) {
    clearLive();
    process.stderr.write(`${withoutTokens(text)}\n`);
  },
};

/**
 * Removes task tokens, also URL-encoded ones, from a message that repeats its input (L3): nothing else is this long and has only these
 * characters.
 */
export const withoutTokens = (text: string): string =>
  text.replaceAll(/[A-Za-z0-9+/=%]{300,}/g, (word) => `(${word.length} characters)`);

/** Cuts a text to `width` visible characters, and keeps every colour code: a wrapped line could not be replaced. */
export function cut(text: string, width: number): string {
  let left = width;
  return text.replace(/\x1b\[[\d;]*m|[^\x1b]/gu, (part) => (part.startsWith('\x1b') || left-- > 0 ? part : ''));
}

/** An error that the user can mend: the message says what is wrong and how to mend it. Exit statuses follow sysexits(3). */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: 1 | 64 | 65 | 66 | 69 = 64) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
