/**
 * The last step of every answer: what histories, logs and outputs hold is shown, but no secret in it (L3).
 *
 *   task tokens      any run of 300 or more of their characters, also as a URL or a JSON text inside a JSON text writes them
 *   signed links     of people and partners; the mails of the local outbox keep theirs
 *   environments     of jobs, wherever a piece of work is shown
 */
/** A slash may be escaped, in a text within a text more than once; the bound keeps the search linear. */
const TOKEN = /(?:[A-Za-z0-9+=_%-]|\\{0,8}\/){300,}/g;
const LINK = /(\/(?:approvals|webhooks)\/)[A-Za-z0-9._~%-]{40,}/g;

export const hideTokens = (text: string): string => text.replaceAll(TOKEN, '[TaskToken]');
export const hideLinks = (text: string): string => text.replaceAll(LINK, '$1[SignedLink]');

/**
 * Returns the JSON text of an answer. Each text of it is searched on its own, before it is escaped: in the finished JSON a token's characters may be
 * those of an escape. Text that is JSON itself (an event's input) is searched for environments too.
 */
export function shownJson(value: unknown, { links = false } = {}): string {
  const hide = (text: string): string => (links ? hideTokens(text) : hideLinks(hideTokens(text)));
  return JSON.stringify(value, (_key, part: unknown) => {
    const shown = withoutEnvironment(part);
    return typeof shown === 'string' ? hide(shown) : shown;
  });
}

/** Work names its kind beside its environment. */
export function withoutEnvironment(value: unknown): unknown {
  if (typeof value === 'string') return withoutEnvironmentInText(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const hasOne = 'environment' in value && ('kind' in value || 'command' in value || 'shell' in value);
  return hasOne ? { ...value, environment: '[Environment]' } : value;
}

function withoutEnvironmentInText(text: string): string {
  if (!text.includes('"environment"') || !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), (_key, part: unknown) => withoutEnvironment(part));
  } catch {
    return text.replaceAll(/"environment"\s*:\s*\{[^}]*\}?/g, '"environment":"[Environment]"');
  }
}
