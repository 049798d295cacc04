import type { FunctionInvoker, QueueMessage, QueueSender, StartAnswer } from '../ports.ts';

export interface FakeStarts {
  /** What comes instead of `started`, in order. */
  readonly faults: Exclude<StartAnswer, { answer: 'started' }>[];
  readonly queues: QueueSender;
  readonly functions: FunctionInvoker;
  readonly messages: readonly QueueMessage[];
  readonly invocations: readonly { readonly functionName: string; readonly payload: string }[];
}

/** SQS and Lambda in memory. */
export function fakeStarts(): FakeStarts {
  const faults: FakeStarts['faults'] = [];
  const messages: QueueMessage[] = [];
  const invocations: { functionName: string; payload: string }[] = [];
  const start = (receipt: string, take: () => void): StartAnswer => {
    const fault = faults.shift();
    if (fault !== undefined) return fault;
    take();
    return { answer: 'started', receipt };
  };
  return {
    faults,
    messages,
    invocations,
    queues: { send: async (message) => start(`message-${messages.length + 1}`, () => messages.push(message)) },
    functions: {
      invoke: async (functionName, payload) =>
        start(`invocation-${invocations.length + 1}`, () => invocations.push({ functionName, payload })),
    },
  };
}
