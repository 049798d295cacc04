import type { Entry } from '../timeline.ts';

/** What a person would answer; undefined leaves it to the person. */
export type Decision = 'approve' | 'deny' | undefined;

interface Mail {
  readonly to: string;
  readonly text: string;
}

/**
 * Shows the links that mails bring to people, and follows them where nobody else will. Following is a POST, as from the page's form:
 * a GET decides nothing.
 */
export function createDecisions(decision: Decision, print: (entry: Entry) => void): (mail: Mail) => void {
  return ({ to, text }) => {
    const link = linkIn(text);
    if (link === undefined) return;
    print({ kind: 'step', title: `link for ${to}`, detail: link });
    if (decision) void decide(link, decision).then((answer) => print(decided(to, decision, answer)));
  };
}

export const linkIn = (text: string): string | undefined => /https?:\/\/\S+\/approvals\/[^\s"<>]+/.exec(text)?.[0];

/** Answers the status, 0 where there was no answer. */
async function decide(link: string, decision: 'approve' | 'deny'): Promise<number> {
  try {
    const body = new URLSearchParams({ decision, comment: 'decided by baton run' });
    const response = await fetch(link, { method: 'POST', body, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

const decided = (to: string, decision: 'approve' | 'deny', status: number): Entry =>
  status >= 200 && status < 400
    ? { kind: decision === 'approve' ? 'good' : 'bad', title: decision, detail: `as ${to}` }
    : { kind: 'step', title: 'not decided', detail: `as ${to}: HTTP ${status}` };
