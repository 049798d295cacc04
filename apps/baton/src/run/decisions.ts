import type { Entry } from '../timeline.ts';

/** The decision to send for people; undefined leaves it to them. */
export type Decision = 'approve' | 'deny' | undefined;

interface Mail {
  readonly to: string;
  readonly text: string;
}

/**
 * Shows the links in people's mails, and where nobody else will, decides for one person after the other. A decision is a POST, like that of the
 * page's form: a GET decides nothing.
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

/** The timeline shows the result; whoever waits for the execution notices when there is none. */
async function decide(link: string, decision: 'approve' | 'deny'): Promise<void> {
  const body = new URLSearchParams({ decision: FORM_VALUE[decision], comment: 'decided by baton run' });
  try {
    const response = await fetch(link, { method: 'POST', body, redirect: 'error' });
    await response.arrayBuffer();
  } catch {
    // The local AWS is closed: another person's decision has ended the execution.
  }
}
