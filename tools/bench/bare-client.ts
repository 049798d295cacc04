import { connect, type Socket } from 'node:net';

/**
 * HTTP/1.1 over one kept connection, one request at a time, for responses with a Content-Length: as little client as possible, so that
 * the figures are the server's.
 */
export interface BareConnection {
  /** False once the server has closed it. */
  isOpen(): boolean;
  post(headers: Readonly<Record<string, string>>, body: string): Promise<{ status: number; body: string }>;
  close(): void;
}

export async function openConnection(port: number): Promise<BareConnection> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return {
    isOpen: () => !socket.destroyed,
    async post(headers, body) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = Buffer.byteLength(body);
      socket.write(
        `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: ${length}\r\n${lines.join('')}\r\n${body}`,
      );
      return readAnswer(socket);
    },
    close: () => void socket.destroy(),
  };
}

function readAnswer(socket: Socket): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const done = (settle: () => void): void => {
      socket.off('data', onData).off('error', onEnd).off('close', onEnd);
      settle();
    };
    const onEnd = (error: unknown): void =>
      done(() => reject(error instanceof Error ? error : new Error('the server closed the connection')));
    const onData = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = received.toString('latin1', 0, headEnd);
      const bodyEnd = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? NaN);
      if (Number.isNaN(bodyEnd)) return done(() => reject(new Error(`an answer without a length: ${head}`)));
      if (received.length < bodyEnd) return;
      const body = received.toString('utf8', headEnd + 4, bodyEnd);
      if (/^connection: *close/im.test(head)) socket.destroy();
      done(() => resolve({ status: Number(head.slice(9, 12)), body }));
    };
    socket.on('data', onData).on('error', onEnd).on('close', onEnd);
  });
}
