/** What the platform is seen to be told and to say: by Step Functions, by its HTTP handler, in its logs. */
import type { LocalAws } from '@baton/local-aws';
import { callbackRequest, names } from '@baton/local-platform';
import { FUNCTIONS } from './plan.ts';

/** A success that a host's run was told to be durable. */
export interface Durable {
  readonly run: string;
  /** By the machine's clock. */
  readonly at: number;
}

export interface Evidence {
  readonly durable: readonly Durable[];
  /** What Step Functions was told of each token: outcomes as text. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>>;
  /** Exceptions that nobody handled, errors of functions that were not killed, tokens where none belongs (L3). */
  unhandled(): string[];
  stop(): void;
}

/** What a handler throws on purpose has a name of Baton's: the caller's Retry or Catch can match it. */
const UNNAMED_ERROR = /Invoke Error(?!.*"errorType":"Baton\.)/;
const IS_DURABLE = new Set<unknown>(['applied', 'stored', 'duplicate']);

export function gatherEvidence(aws: LocalAws): Evidence {
  const durable: Durable[] = [];
  const told = new Map<string, Set<string>>();
  const exceptions: string[] = [];
  const note = (error: unknown): void =>
    void exceptions.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);

  const ignore = aws.observe({
    call(call) {
      const report = callbackRequest(call);
      if (report?.verb === 'success' && IS_DURABLE.has(report.answer['answer']))
        durable.push({ run: String(report.request['runId']), at: Date.now() });
      if (call.action !== 'SendTaskSuccess' && call.action !== 'SendTaskFailure') return;
      const { taskToken, ...outcome } = call.input;
      const outcomes = told.get(String(taskToken)) ?? new Set();
      told.set(String(taskToken), outcomes.add(`${call.action} ${JSON.stringify(outcome)}`));
    },
  });

  return {
    durable,
    told,
    unhandled() {
      const lines = FUNCTIONS.flatMap((name) => aws.logs.lines(`/aws/lambda/${names.function(name)}`));
      const tokens = [...told.keys()];
      const bad = lines.filter(
        ({ message }) => UNNAMED_ERROR.test(message) || tokens.some((token) => message.includes(token)),
      );
      return [...exceptions, ...bad.map(({ message }) => message)];
    },
    stop() {
      ignore();
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    },
  };
}
