/** What a thread is told when it starts. */
export interface RuntimeData {
  /** The folder that the code lies in. */
  readonly taskRoot: string;
  /** `FILE.EXPORT`, as in the function's configuration. */
  readonly handler: string;
}

export interface InvokeMessage {
  readonly requestId: string;
  /** The event, as JSON text. */
  readonly event: string;
  /** By the machine's clock. */
  readonly deadline: number;
  /** What the platform's clock is ahead of the machine's, in milliseconds. */
  readonly clockOffset: number;
  readonly context: Readonly<Record<string, unknown>>;
}

export type RuntimeMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError };

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

type Handler = (event: unknown, context: unknown, callback: (error: unknown, result?: unknown) => void) => unknown;

/**
 * Runs inside a function's thread: loads the handler, answers invocations one at a time, hands over what is logged. Its text is
 * what the thread is started with (see thread.ts), so it uses nothing from outside itself but its argument.
 */
export function runtime(importModule: (url: string) => Promise<Record<string, unknown>>): void {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { parentPort } = threads;
  const { format } = process.getBuiltinModule('node:util');
  const { existsSync } = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const { taskRoot, handler: handlerName } = threads.workerData as RuntimeData;
  const machineNow = Date.now.bind(Date);
  let clockOffset = 0;
  let requestId = 'undefined';

  const post = (message: RuntimeMessage): void => parentPort?.postMessage(message);
  const describe = (error: unknown): FunctionError => {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  };

  const captureOutput = (): void => {
    const levels = { debug: 'DEBUG', error: 'ERROR', info: 'INFO', log: 'INFO', trace: 'TRACE', warn: 'WARN' } as const;
    for (const [method, level] of Object.entries(levels)) {
      console[method as keyof typeof levels] = (...values: unknown[]) => {
        post({ type: 'log', text: `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}` });
      };
    }
    const write = (text: string | Uint8Array, ...rest: unknown[]): boolean => {
      post({ type: 'log', text: typeof text === 'string' ? text : Buffer.from(text).toString('utf8') });
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(done as () => void);
      return true;
    };
    process.stdout.write = write;
    process.stderr.write = write;
  };

  /** Functions see the platform's time, also where a test has moved it by hours. */
  const followClock = (): void => {
    const now = (): number => machineNow() + clockOffset;
    globalThis.Date = new Proxy(Date, {
      construct: (target, args: unknown[], newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
      apply: () => new Date(now()).toString(),
      get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
    });
  };

  const fail = (name: string, message: string): never => {
    throw Object.assign(new Error(message), { name });
  };
  const isHandler = (value: unknown): value is Handler => typeof value === 'function';
  const loadHandler = async (): Promise<Handler> => {
    const dot = handlerName.lastIndexOf('.');
    const [file, exported] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
    const code = ['.mjs', '.js', '.cjs']
      .map((end) => path.join(taskRoot, file + end))
      .find((candidate) => existsSync(candidate));
    if (code === undefined) return fail('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
    const module = await importModule(pathToFileURL(code).href).catch((error: unknown) => {
      const { errorMessage, errorType } = describe(error);
      const name = error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError';
      return fail(name, `${errorType}: ${errorMessage}`);
    });
    const found = module[exported] ?? (module['default'] as Record<string, unknown> | undefined)?.[exported];
    if (isHandler(found)) return found;
    return fail('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  };

  const call = (handler: Handler, event: unknown, context: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const callback = (error: unknown, result?: unknown): void => {
        if (error === null || error === undefined) resolve(result);
        else reject(error instanceof Error ? error : new Error(format(error)));
      };
      const answer = handler(event, context, callback);
      const thenable = typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function';
      if (thenable || handler.length < 3) resolve(answer);
    });

  const invoke = async (handler: Handler, message: InvokeMessage): Promise<RuntimeMessage> => {
    const context = {
      ...message.context,
      awsRequestId: message.requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, message.deadline - machineNow()),
    };
    try {
      const result = await call(handler, JSON.parse(message.event), context);
      return { type: 'result', payload: JSON.stringify(result) ?? 'null' };
    } catch (error) {
      const description = describe(error);
      post({
        type: 'log',
        text: `${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(description)}`,
      });
      return { type: 'error', error: description };
    }
  };

  captureOutput();
  process.on('unhandledRejection', (reason) => {
    const { errorMessage, errorType, trace = [] } = describe(reason);
    const error = {
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: `${errorType}: ${errorMessage}`,
      trace,
    };
    post({ type: 'error', error });
  });
  process.on('uncaughtException', (reason) => post({ type: 'error', error: describe(reason) }));

  void loadHandler().then(
    (handler) => {
      parentPort?.on('message', (message: InvokeMessage) => {
        requestId = message.requestId;
        if (Math.abs(message.clockOffset) > 5 && clockOffset === 0) followClock();
        clockOffset = message.clockOffset;
        void invoke(handler, message).then(post);
      });
      post({ type: 'ready' });
    },
    (error: unknown) => post({ type: 'error', error: describe(error) }),
  );
}
