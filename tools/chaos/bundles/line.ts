import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * What a connection between a host and the platform does: `open` passes everything; `slow` passes each piece late; `cut` breaks
 * connections and takes none; `silent` takes them, and nothing comes through; `answerless` passes requests, and no answers.
 */
export type LineState = 'open' | 'slow' | 'cut' | 'silent' | 'answerless';

const SLOW_MS = 400;

/** A TCP proxy: the way of one host to the platform, and of nobody else. */
export interface Line {
  readonly port: number;
  enter(state: LineState): void;
  close(): Promise<void>;
}

export async function createLine(platformPort: number): Promise<Line> {
  let state: LineState = 'open';
  const sockets = new Set<Socket>();

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  /** What has been held back is lost: nobody sends it again on the same connection. */
  const pass = (from: Socket, to: Socket, isAnswer: boolean): void => {
    from.on('data', (piece: Buffer) => {
      if (state === 'silent' || (isAnswer && state === 'answerless')) return;
      if (state === 'slow') void setTimeout(SLOW_MS).then(() => to.writable && to.write(piece));
      else to.write(piece);
    });
    from.on('close', () => to.destroy());
  };

  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') return void near.resetAndDestroy();
    const far = keep(connect(platformPort, '127.0.0.1'));
    pass(near, far, false);
    pass(far, near, true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    enter(next) {
      state = next;
      // A connection that has lost something is of no more use, and one that is cut ends at once.
      if (next === 'cut' || next === 'open') for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
