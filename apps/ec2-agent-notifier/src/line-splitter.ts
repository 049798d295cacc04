/**
 * Cuts a stream of bytes into lines with bounded memory. A line over the limit is handed on in pieces and told once, at its end,
 * by its first and last visible byte.
 */
const NEWLINE = 0x0a;

export interface LineSink {
  /** A whole line, with its newline unless the stream ended without one. */
  line(bytes: Buffer): void;
  /** A piece of a line over the limit. */
  piece(bytes: Buffer): void;
  longLineEnded(first: string, last: string): void;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  end(): void;
}

export function lineSplitter(maxBytes: number, sink: LineSink): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let long: { first: string; last: string } | undefined;

  function release(): Buffer {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return bytes;
  }

  function spill(bytes: Buffer): void {
    const visible = bytes.toString('latin1').trim();
    long ??= { first: visible.at(0) ?? '', last: '' };
    long.last = visible.at(-1) ?? long.last;
    sink.piece(bytes);
  }

  function take(bytes: Buffer, ended: boolean): void {
    held.push(bytes);
    heldBytes += bytes.length;
    if (long !== undefined || heldBytes > maxBytes) spill(release());
    else if (ended) sink.line(release());
    if (ended && long !== undefined) {
      sink.longLineEnded(long.first, long.last);
      long = undefined;
    }
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, at + 1), true);
        from = at + 1;
      }
      if (from < chunk.length) take(chunk.subarray(from), false);
    },
    end() {
      if (heldBytes > 0 || long !== undefined) take(Buffer.alloc(0), true);
    },
  };
}
