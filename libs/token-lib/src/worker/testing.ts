import type { Outcome } from '../wire/outcome.ts';
import type { Reports } from './reports.ts';

export interface Said {
  readonly reports: Reports;
  readonly outcomes: Map<unknown, Outcome>;
  readonly beats: unknown[];
  /** Of the coming heartbeats; then continue. */
  readonly answers: ('continue' | 'stop')[];
  refuse: boolean;
}

/** A platform that hears everything; the message's `id` says whose it is. */
export function platform(): Said {
  const said: Said = {
    outcomes: new Map(),
    beats: [],
    answers: [],
    refuse: false,
    reports: ({ id }) => ({
      callbackId: String(id),
      async heartbeat(progress) {
        said.beats.push(progress);
        return said.answers.shift() ?? 'continue';
      },
      async report(outcome) {
        if (said.refuse) throw new Error('nobody answers');
        said.outcomes.set(id, outcome);
      },
    }),
  };
  return said;
}

/** As Lambda gets it. */
export const batch = (bodies: readonly unknown[], queue = 'jobs') => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
  })),
});
