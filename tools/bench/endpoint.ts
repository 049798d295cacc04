import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openConnection, type BareConnection } from './bare-client.ts';

/** A Step Functions and SQS endpoint in its own process, and a client without an SDK. */
export interface Endpoint {
  readonly name: string;
  readonly pid: number;
  readonly call: (target: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>;
  stop(): void;
}

const cli = fileURLToPath(new URL('../../apps/baton/bin/baton.js', import.meta.url));

const motoServer = fileURLToPath(new URL('./moto-server.py', import.meta.url));

/** Without IAM: what is measured here is made without roles. */
export const startBaton = (options: readonly string[] = ['--bare']): Promise<Endpoint> =>
  start('baton', (port) => [process.execPath, [cli, 'local', '--iam', 'off', ...options, '--port', String(port)]]);

/** moto's server, repaired as moto-server.py says; undefined where moto is not on the machine. */
export function startMoto(): Promise<Endpoint> | undefined {
  if (spawnSync('python3', ['-c', 'import moto.server']).status !== 0) return undefined;
  return start('moto', (port) => ['python3', [motoServer, String(port)]]);
}

async function start(name: string, command: (port: number) => [string, string[]]): Promise<Endpoint> {
  const port = await freePort();
  const [program, argv] = command(port);
  const child = spawn(program, argv, { stdio: 'ignore' });
  const { call, close } = caller(port);
  await ready(child, name, () => call('AWSStepFunctions.ListStateMachines', {}));
  return {
    name,
    pid: workerOf(child.pid as number),
    call,
    stop() {
      close();
      child.kill('SIGTERM');
    },
  };
}

async function ready(child: ChildProcess, name: string, probe: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with status ${child.exitCode}`);
    try {
      await probe();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${name} did not answer within 30 seconds`);
}

/** A pool of kept connections: as many as there are concurrent calls. */
function caller(port: number): { call: Endpoint['call']; close: () => void } {
  const idle: BareConnection[] = [];
  return {
    async call(target, body) {
      const kept = idle.pop();
      const connection = kept?.isOpen() ? kept : await openConnection(port);
      const scope = target.startsWith('AmazonSQS') ? 'sqs' : 'states';
      const { status, body: text } = await connection.post(
        {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': target,
          'x-amz-date': '20260101T000000Z',
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=00`,
        },
        JSON.stringify(body),
      );
      idle.push(connection);
      if (status >= 300) throw new Error(`${target}: ${status} ${text.slice(0, 200)}`);
      return text ? (JSON.parse(text) as Record<string, unknown>) : {};
    },
    close() {
      for (const connection of idle) connection.close();
    },
  };
}

/** Returns the process to measure: the program that the bin file has started and waits for. */
function workerOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children ? Number(children.split(' ')[0]) : pid;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

export interface Usage {
  readonly megabytes: number;
  readonly threads: number;
  readonly cpuSeconds: number;
}

/** Of the whole process, from /proc. */
export function usage(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return {
    megabytes: Math.round(field('VmRSS') / 1024),
    threads: field('Threads'),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
  };
}
