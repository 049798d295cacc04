import pc from 'picocolors';

/** Where a command prints. `live` replaces itself on a terminal and is an ordinary line in a pipe. */
export interface Terminal {
  readonly interactive: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly line: (text: string) => void;
  readonly live: (text: string) => void;
}

let liveShown = false;
const clearLive = (): void => {
  if (liveShown) process.stdout.write('\r\x1b[2K');
  liveShown = false;
};

export const terminal: Terminal = {
  interactive: process.stdout.isTTY,
  colors: pc.createColors(process.stdout.isTTY && pc.isColorSupported),
  line(text) {
    clearLive();
    process.stdout.write(`${text}\n`);
  },
  live(text) {
    clearLive();
    const width = process.stdout.columns || 80;
    process.stdout.write(text.slice(0, width - 1));
    liveShown = true;
  },
};
