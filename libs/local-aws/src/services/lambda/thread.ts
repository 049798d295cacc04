import { Worker } from 'node:worker_threads';
import { runtime, type FunctionError, type InvokeMessage, type RuntimeData, type RuntimeMessage } from './runtime.ts';

export type Outcome =
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError }
  /** The thread is gone: it exited, ran out of memory, or was ended because its time was up. */
  | { readonly type: 'exited'; readonly reason: string };

/** One environment of a function: a thread with its own globals, environment and memory limit, and no view of the process's. */
export interface Thread {
  /** Loads the code. Anything but a result means that the thread cannot be used. */
  start(): Promise<Outcome>;
  invoke(message: InvokeMessage): Promise<Outcome>;
  end(): Promise<void>;
}

export interface ThreadOptions {
  readonly name: string;
  readonly data: RuntimeData;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  /** Takes each line that the function prints, in order, before the outcome of its invocation. */
  readonly log: (text: string) => void;
}

/** The runtime goes in as text: it is there in a bundle too, and `import` is the thread's own. */
const SOURCE = `(${runtime.toString()})((url) => import(url));`;

export function createThread(options: ThreadOptions): Thread {
  let settle: ((outcome: Outcome) => void) | undefined;
  let over: Outcome | undefined;
  const finish = (outcome: Outcome): void => {
    const resolve = settle;
    settle = undefined;
    worker.unref();
    resolve?.(outcome);
  };
  const next = (): Promise<Outcome> => {
    if (over !== undefined) return Promise.resolve(over);
    worker.ref();
    return new Promise((resolve) => (settle = resolve));
  };

  const worker = new Worker(SOURCE, {
    eval: true,
    name: options.name,
    workerData: options.data,
    env: { ...options.environment },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
  });
  worker.on('message', (message: RuntimeMessage) => {
    if (message.type === 'log') options.log(message.text);
    else finish(message.type === 'ready' ? { type: 'result', payload: 'null' } : message);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    over = { type: 'exited', reason: outOfMemory ? 'signal: killed' : error.message };
    finish(over);
  });
  worker.on('exit', (code) => {
    over ??= { type: 'exited', reason: `exit status ${code}` };
    finish(over);
  });

  return {
    start: next,
    invoke(message) {
      const outcome = next();
      worker.postMessage(message);
      return outcome;
    },
    async end() {
      await worker.terminate();
    },
  };
}
