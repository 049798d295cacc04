/** What an operator decides about a callback: it asks for a reason, and says before it acts what follows. */
import { useState } from 'preact/hooks';
import type { CallbackAnswer, PlaceAnswer } from '../server/console-world.ts';
import type { SettledByHand } from '@baton/token-lib';
import type { Follows } from '@baton/asl';
import { ApiError, post } from './api.ts';
import { useApi } from './live.ts';

type Verb = 'succeed' | 'fail' | 'stop';

interface DecideProps {
  readonly life: CallbackAnswer;
  readonly place: PlaceAnswer;
  readonly onDone: () => void;
}

export function Decide({ life, place, onDone }: DecideProps) {
  const [verb, setVerb] = useState<Verb>();
  const [said, setSaid] = useState<{ text: string; prevailed: boolean }>();
  const act = async (given: object): Promise<void> => {
    try {
      const { answer, message, prevailed } = await post<SettledByHand>(`/api/callbacks/${life.callbackId}`, {
        verb,
        ...given,
      });
      setSaid({ text: `${answer}: ${message}`, prevailed });
      setVerb(undefined);
    } catch (error) {
      setSaid({
        text: error instanceof ApiError ? error.message : 'The console’s server does not answer.',
        prevailed: false,
      });
    }
    onDone();
  };
  const isOpen = life.closedAt === undefined;
  if (!isOpen && said === undefined && verb === undefined) return null;
  return (
    <section class="card">
      <h2>Decide</h2>
      <div class="inside decide">
        <div class="verbs" hidden={!isOpen}>
          {(['succeed', 'fail', 'stop'] as const).map((each) => (
            <button
              key={each}
              type="button"
              disabled={place.readOnly}
              aria-expanded={verb === each}
              onClick={() => setVerb(verb === each ? undefined : each)}
            >
              {WORDS[each]}
            </button>
          ))}
        </div>
        {place.readOnly && <p class="dim">The console was started with --read-only.</p>}
        {verb !== undefined && <DecisionForm key={verb} verb={verb} callbackId={life.callbackId} onAct={act} />}
        {said !== undefined && (
          <p class={said.prevailed ? 'answer' : 'answer lost'} role="status">
            {said.text}
          </p>
        )}
      </div>
    </section>
  );
}

const WORDS: Readonly<Record<Verb, string>> = { succeed: 'Succeed…', fail: 'Fail…', stop: 'Stop…' };

interface DecisionFormProps {
  readonly verb: Verb;
  readonly callbackId: string;
  readonly onAct: (given: object) => Promise<void>;
}

function DecisionForm({ verb, callbackId, onAct }: DecisionFormProps) {
  const [given, setGiven] = useState({ output: '{}', error: '', cause: '', reason: '' });
  const set = (name: keyof typeof given) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [name]: event.currentTarget.value });
  return (
    <form
      class="decide"
      onSubmit={(event) => {
        event.preventDefault();
        void onAct(given);
      }}
    >
      {verb === 'succeed' && (
        <label>
          Output, as JSON
          <textarea value={given.output} onInput={set('output')} required />
        </label>
      )}
      {verb === 'fail' && (
        <>
          <label>
            Error name, as Retry and Catch match it
            <input value={given.error} onInput={set('error')} required />
          </label>
          <label>
            Cause
            <input value={given.cause} onInput={set('cause')} required />
          </label>
        </>
      )}
      <WhatFollows callbackId={callbackId} verb={verb} error={given.error} />
      <label>
        Reason, kept with the outcome
        <input value={given.reason} onInput={set('reason')} required maxLength={1000} />
      </label>
      <div class="verbs">
        <button class="primary" type="submit">
          {verb === 'succeed' ? 'Succeed' : verb === 'fail' ? 'Fail the task' : 'Stop the work'}
        </button>
      </div>
    </form>
  );
}

const STOPPED = 'Baton.StoppedByOperator';

/** Says, before anything is done, which Retry or Catch of the definition will match, and what comes next. */
function WhatFollows({ callbackId, verb, error }: { callbackId: string; verb: Verb; error: string }) {
  const name = verb === 'succeed' ? undefined : verb === 'stop' ? STOPPED : error;
  const asked = name === undefined ? '' : `?error=${encodeURIComponent(name)}`;
  const path = name === '' ? undefined : `/api/callbacks/${callbackId}/follows${asked}`;
  const { data } = useApi<{ follows?: Follows }>(path);
  if (path === undefined || data === undefined) return null;
  return (
    <p class="follows" role="status">
      {data.follows === undefined
        ? 'What follows is not known: the definition could not be read.'
        : inWords(data.follows)}
    </p>
  );
}

const names = (errorEquals: readonly string[]): string => errorEquals.join(', ');

function inWords(follows: Follows): string {
  switch (follows.type) {
    case 'retry':
      return `Retry ${follows.retry} of ${follows.maxAttempts} (${names(follows.errorEquals)}) matches: ${follows.state} starts again within ${follows.delaySeconds} s. To end it for good, stop the execution.`;
    case 'catch':
      return `Catch (${names(follows.errorEquals)}) of ${follows.state} matches: it goes on with ${follows.next}.`;
    case 'next':
      return `The execution goes on with ${follows.next}.`;
    case 'branch-done':
      return `This part of ${follows.within} is done, and waits for its others.`;
    case 'execution-succeeds':
      return 'It is the last state: the execution succeeds.';
    case 'execution-fails':
      return `No Retry and no Catch matches: the execution fails with ${follows.error}.`;
  }
}
