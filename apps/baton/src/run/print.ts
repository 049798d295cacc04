import type { Terminal } from '../terminal.ts';
import type { Entry } from '../timeline.ts';

/** How a run is shown. */
export interface Printer {
  entry(elapsed: number, entry: Entry): void;
  /** Returns the exit status: 0 when the execution succeeded. */
  end(elapsed: number, execution: Record<string, unknown>): 0 | 1;
}

export const textPrinter = (terminal: Terminal): Printer => ({
  entry: (elapsed, entry) => printEntry(terminal, elapsed, entry),
  end: (elapsed, execution) => printEnd(terminal, elapsed, execution),
});

/** For programs: an object for each entry, `{ seconds, kind, title, detail }`, and last `{ seconds, status, output | error, cause }`. */
export const jsonPrinter = ({ line }: Terminal): Printer => ({
  entry: (elapsed, entry) => line(JSON.stringify({ seconds: elapsed / 1000, ...entry })),
  end(elapsed, { executionArn, status, output, error, cause }) {
    const result = typeof output === 'string' ? { output: JSON.parse(output) as unknown } : { error, cause };
    line(JSON.stringify({ seconds: elapsed / 1000, executionArn, status, ...result }));
    return status === 'SUCCEEDED' ? 0 : 1;
  },
});

function printEntry({ live, line, interactive, colors }: Terminal, elapsed: number, entry: Entry): void {
  const paint = { step: colors.cyan, progress: colors.dim, good: colors.green, bad: colors.red }[entry.kind];
  const text = `${colors.dim(seconds(elapsed).padStart(9))}  ${paint(entry.title.padEnd(18))}  ${entry.detail}`;
  if (interactive && entry.kind === 'progress') live(text);
  else line(text);
}

function printEnd({ line, colors }: Terminal, elapsed: number, execution: Record<string, unknown>): 0 | 1 {
  const status = String(execution['status']);
  const total = colors.dim(`total ${seconds(elapsed)}`);
  if (status === 'SUCCEEDED') {
    line('');
    line(`${colors.bold(colors.green(status))}  ${total}`);
    line(pretty(String(execution['output'])));
    return 0;
  }
  const { error, cause } = execution as { error?: string; cause?: string };
  line('');
  line(`${colors.bold(colors.red(status))}  ${total}`);
  line(`error  ${error ?? '(none)'}`);
  line(`cause  ${readableCause(cause)}`);
  return 1;
}

/** The cause of a failed Lambda function is JSON around the message. */
function readableCause(cause: string | undefined): string {
  if (!cause) return '(none)';
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(3)} s`;
const pretty = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);
