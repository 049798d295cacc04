import { type Millis, type Vote } from '@baton/token-lib';
import type { ApprovalView, Question } from './approval-view.ts';
import { markup, type Markup } from './markup.ts';
import type { Page } from './page.ts';

export const MAX_COMMENT_CHARACTERS = 1_000;

export interface Reply {
  /** What was wrong with the decision that was sent. */
  readonly problem?: string;
  /** The decision that was sent has been taken. */
  readonly taken?: true;
}

export function approvalPage(view: ApprovalView, status = 200, { problem, taken }: Reply = {}): Page {
  switch (view.kind) {
    case 'open':
      return page(
        status,
        view.question,
        problem === undefined ? undefined : markup`<p role="alert"><strong>${problem}</strong></p>`,
        form(view.question, view.at),
      );
    case 'voted':
      return page(
        status,
        view.question,
        markup`<p role="status">
          <strong>${taken && 'Thank you. '}You ${word(view.own)} this ${when(view.own.at)}.</strong> Others have yet to
          decide.
        </p>`,
      );
    case 'decided':
      return page(
        status,
        view.question,
        markup`<p role="status"><strong>${taken ? 'Thank you. This is ' : 'Already '}${decided(view)}</strong></p>`,
      );
    case 'expired':
      return page(
        status,
        view.question,
        markup`<p role="status">
          <strong>The time to decide ended ${when(view.question.deadline)}.</strong> Nothing was decided here. If it
          still matters, ask whoever sent you the link.
        </p>`,
      );
    case 'closed':
      return page(
        status,
        view.question,
        markup`<p role="status">
          <strong>This is no longer waited for.</strong> The workflow has ended or gone on without it; there is nothing
          left to do.
        </p>`,
      );
  }
}

export const notAllowedPage: Page = {
  status: 403,
  title: 'This link does not work',
  content: markup`<h1>This link does not work</h1>
    <p>It may have been cut off or changed on its way. Open it from the original message, in one piece.</p>`,
};

export const notKnownPage: Page = {
  status: 410,
  title: 'No longer known',
  content: markup`<h1>No longer known</h1>
    <p>What this link was for is over, and its records are gone.</p>`,
};

export const tryAgainPage: Page = {
  status: 503,
  title: 'Please try again',
  content: markup`<h1>Please try again</h1>
    <p>Something did not answer. Nothing has been lost: load this page again in a moment.</p>`,
};

/** How it stands comes first; what there is to do comes last, after all that there is to know. */
function page(status: number, question: Question, standing: Markup | undefined, toDo?: Markup): Page {
  const { title, description } = question.work;
  return {
    status,
    title,
    content: markup`<h1>${title}</h1>
      ${standing}
      ${description === undefined ? undefined : markup`<p class="text">${description}</p>`}
      ${rule(question)}
      ${decisions(question)}
      ${toDo}`,
  };
}

function rule({ work: { approvers, needed, veto } }: Question): Markup | undefined {
  if (approvers.length === 1) return undefined;
  const most = `${needed === 1 ? 'One approval' : `${needed} approvals`} of ${approvers.length} will do`;
  return markup`<p class="soft">${veto ? `${most}; one denial ends it` : most}.</p>`;
}

const decisions = ({ votes }: Question): Markup | undefined =>
  votes.length === 0 ? undefined : markup`<h2>Decisions so far</h2><ul>${votes.map(voteItem)}</ul>`;

const voteItem = (vote: Vote): Markup =>
  markup`<li>
    ${vote.approver} ${word(vote)}
    ${when(vote.at)}${vote.comment === undefined ? undefined : markup`: <span class="text">${vote.comment}</span>`}
  </li>`;

/** Enter in the comment is a line break, so that a decision is a deliberate press of one button. */
const form = ({ approver, deadline }: Question, at: Millis): Markup =>
  markup`<h2>Your decision</h2>
    <p>${approver.name}, you have ${left(deadline - at)} to decide: until ${time(deadline)}.</p>
    <form method="post">
      <label for="comment">Comment (optional)</label>
      <textarea id="comment" name="comment" maxlength="${MAX_COMMENT_CHARACTERS}"></textarea>
      <div class="choices">
        <button class="yes" name="decision" value="approved">Approve</button>
        <button class="no" name="decision" value="denied">Deny</button>
      </div>
    </form>`;

const decided = ({ decision, last }: { decision: Vote['decision']; last: Vote }): Markup =>
  last.decision === decision
    ? markup`${decision} by ${last.approver}, ${when(last.at)}.`
    : markup`${decision}, ${when(last.at)}.`;

const word = ({ decision }: Vote): string => decision;

const when = (at: Millis): Markup => markup`on ${time(at)}`;

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

const time = (at: Millis): Markup =>
  markup`<time datetime="${new Date(at).toISOString()}">${DATE.format(at)} UTC</time>`;

/** In the largest unit that leaves at least two of it. */
function left(span: Millis): string {
  const minutes = Math.floor(span / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1_440)} days`;
}
