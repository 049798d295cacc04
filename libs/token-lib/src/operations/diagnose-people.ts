/** Why a decision of people, or an answer of a partner, waits. */
import type { Dispatched } from '../lifecycle/callback.ts';
import { calm, type Diagnosis, type Facts, sayDuration, trouble, watch } from './diagnosis.ts';

export function diagnosePeople({ approvers = [], untold = [], now }: Facts, row: Dispatched): Diagnosis {
  if (untold.length > 0) {
    return trouble(
      'nobody-subscribed',
      `${untold.join(' and ')} ${untold.length === 1 ? 'is' : 'are'} not subscribed to the notices, and may not know`,
      'Subscribe the address to the notice topic and have it confirmed, then stop the callback so that a Retry asks again; or decide for them by hand.',
    );
  }
  const votes = row.votes ?? [];
  const missing = approvers.filter((name) => !votes.some(({ approver }) => approver === name));
  const approved = votes.filter(({ decision }) => decision === 'approved').length;
  const needed = row.terms.needed ?? 1;
  const since = sayDuration(now - row.createdAt);
  const who = missing.length === 0 ? 'nobody' : listed(missing);
  const verb = missing.length === 1 ? 'has' : 'have';
  if (approved > 0) return calm('votes-missing', `${approved} of ${needed} approvals; ${who} ${verb} not voted`);
  return approvers.length === 0
    ? calm('undecided', `nobody has voted for ${since}`)
    : calm('undecided', `${who} ${verb} not voted for ${since}`);
}

const MOST_NAMES = 4;

function listed(names: readonly string[]): string {
  if (names.length > MOST_NAMES)
    return `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} others`;
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** A partner has until the timeout; half of it is long. */
export function diagnosePartner({ refused, now }: Facts, row: Dispatched): Diagnosis {
  const waited = now - row.createdAt;
  if (refused !== undefined)
    return trouble(
      'partner-refused',
      `${row.terms.summary} answered, and was refused: ${refused}`,
      'Tell the partner what the answer says; the link stays good until it is used. Or settle it by hand.',
    );
  const sentence = `${row.terms.summary} has not answered for ${sayDuration(waited)}`;
  return waited > (row.deadline - row.createdAt) / 2
    ? watch('partner-silent', sentence, 'Ask the partner for the order by the callback’s id, or settle it by hand.')
    : calm('partner-asked', sentence);
}
