import type { Entry } from '../timeline.ts';

/** What people are to answer; undefined leaves it to them. */
export type Decision = 'approve' | 'deny' | undefined;

interface Mail {
  readonly to: string;
  readonly text: string;
}

/**
 * Shows the links that mails bring to people, and decides, one person after the other, where nobody else will. Deciding is a POST, as
 * from the page's form: a GET decides nothing.
 */
export function createDecisions(decision: Decision, print: (entry: Entry) => void): (mail: Mail) => void {
  let last = Promise.resolve();
  return ({ to, text }) => {
    const link = linkIn(text);
    if (link === undefined) return;
    print({ kind: 'step', title: 'decide here', detail: `as ${to}: ${link}` });
    if (decision === undefined) return;
    last = last.then(async () => {
      print({ kind: 'step', title: decision, detail: `as ${to}` });
      await decide(link, decision);
    });
  };
}

export const linkIn = (text: string): string | undefined => /https?:\/\/\S+\/approvals\/[^\s"<>]+/.exec(text)?.[0];

const FORM_VALUE = { approve: 'approved', deny: 'denied' } as const;

/** What came of it the timeline shows; no answer at all is for who waits for the execution to end. */
async function decide(link: string, decision: 'approve' | 'deny'): Promise<void> {
  const body = new URLSearchParams({ decision: FORM_VALUE[decision], comment: 'decided by baton run' });
  try {
    const response = await fetch(link, { method: 'POST', body, redirect: 'error' });
    await response.arrayBuffer();
  } catch {
    // The local AWS has been closed: the execution ended by another person's decision.
  }
}
