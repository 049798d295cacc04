import { parseDefinition } from '@baton/asl';
import { lambdaWorker, queueWorker, type WorkContext } from '@baton/worker';
import { directReports } from '@baton/worker/direct';

/** What a stranger writes: work that knows nothing of queues and tokens. */
export async function half({ number }: { readonly number: number }, { signal }: WorkContext) {
  signal.throwIfAborted();
  return { half: number / 2 };
}

export const handler = queueWorker(half);
export const invoked = lambdaWorker(half);
export const direct = queueWorker(half, { reports: directReports() });

/** Returns the first problem of a definition, in AWS's words. */
export function problemOf(definition: string): string | undefined {
  const { diagnostics } = parseDefinition(definition);
  return diagnostics[0]?.code;
}
