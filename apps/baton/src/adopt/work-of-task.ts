/** What a waiting state asks for, as a kind of work; or why no kind fits it. */
import { copyMembers, copyValue } from '../lint/change/copy.ts';
import type { Json } from '../lint/change/change.ts';
import { member, membersOf, type Member, type Node, textOf } from '../lint/json-tree.ts';
import type { State } from '../lint/machine-states.ts';
import { carriersIn, sentBy } from '../lint/task-token.ts';

export type Adoption =
  | { readonly kind: 'lambda' | 'queue' | 'approval' | 'webhook'; readonly work: Readonly<Record<string, Json>> }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AdoptOptions {
  /** Who is asked, where people decide. */
  readonly approvers: readonly string[];
}

const refused = (reason: string): Adoption => ({ kind: 'refused', reason });

/** @returns the work of the state, in the kind that its integration stands for */
export function workOfTask(state: State, options: AdoptOptions): Adoption {
  const { resource } = state;
  if (resource?.waits === 'activity')
    return refused('an activity waits for a worker that polls it: no kind of work starts one');
  const sent = sentBy(state);
  if (!sent || sent.type !== 'object')
    return refused('what it sends is an expression as a whole: it has no members to take over');
  if (state.document.isOpen(sent)) return refused('a template decides which members it sends');
  switch (resource?.action) {
    case 'lambda:invoke':
      return lambdaWork(state, sent);
    case 'sqs:sendMessage':
      return queueWork(state, sent);
    case 'sns:publish':
      return approvalWork(state, sent, options);
    case 'apigateway:invoke':
    case 'http:invoke':
      return webhookWork(state, sent);
    default:
      return refused(
        `no kind of work stands for ${resource?.action ?? 'its resource'}: give the work to a queue, a function or a host`,
      );
  }
}

function lambdaWork(state: State, sent: Node): Adoption {
  const name = memberOf(sent, 'FunctionName');
  const payload = memberOf(sent, 'Payload');
  if (!name || !payload) return refused('it names no function or sends no payload');
  if (textOf(memberOf(sent, 'InvocationType')?.value) === 'Event')
    return refused('InvocationType Event does not wait for the function: leave it out first');
  const rest = withoutToken(state, payload, 'payload');
  if ('reason' in rest) return refused(rest.reason);
  return { kind: 'lambda', work: { ...moved(state, 'functionName', name), ...rest.members } };
}

const QUEUE_MEMBERS = /^(?:QueueUrl|MessageBody|MessageGroupId|MessageDeduplicationId|MessageAttributes)(?:\.\$)?$/;

function queueWork(state: State, sent: Node): Adoption {
  const other = membersOf(sent).find(({ name }) => !QUEUE_MEMBERS.test(name));
  if (other) return refused(`work of a queue has no ${other.name}`);
  const attributes = membersOf(memberOf(sent, 'MessageAttributes')?.value);
  const kept = attributes.find(({ value }) => carriersIn(state, value).length === 0);
  if (kept) return refused(`work of a queue has no message attributes: move ${kept.name} into the body`);
  const [queue, body] = [memberOf(sent, 'QueueUrl'), memberOf(sent, 'MessageBody')];
  if (!queue || !body) return refused('it names no queue or sends no body');
  const rest = withoutToken(state, body, 'message');
  if ('reason' in rest) return refused(rest.reason);
  const [group, once] = [memberOf(sent, 'MessageGroupId'), memberOf(sent, 'MessageDeduplicationId')];
  const fifo = {
    ...(group ? moved(state, 'groupId', group) : {}),
    ...(once ? moved(state, 'deduplicationId', once) : {}),
  };
  return { kind: 'queue', work: { ...moved(state, 'queueUrl', queue), ...rest.members, ...fifo } };
}

/** A message to a topic that waits for an answer asks somebody: its subject is the title, its text is the description. */
function approvalWork(state: State, sent: Node, { approvers }: AdoptOptions): Adoption {
  if (memberOf(sent, 'PhoneNumber'))
    return refused('a text message has no room for a page to decide on: send it to a topic');
  const [subject, message] = [memberOf(sent, 'Subject'), memberOf(sent, 'Message')];
  const title = subject && !holdsToken(state, subject) ? moved(state, 'title', subject) : { title: state.name };
  const description =
    message && !holdsToken(state, message) && message.value.type === 'string'
      ? moved(state, 'description', message)
      : {};
  const topic = textOf(memberOf(sent, 'TopicArn')?.value) ?? '';
  const own = /([\w-]+)(?:\.fifo)?$/.exec(topic)?.[1] ?? 'approver';
  const people = approvers.length > 0 ? approvers : [own];
  return { kind: 'approval', work: { ...title, ...description, approvers: people.map(personOf) } };
}

/** `ann` or `ann=ann@example.com`. */
function personOf(text: string): Json {
  const [name = '', email] = text.split('=', 2);
  return email === undefined ? { name } : { name, email };
}

function webhookWork(state: State, sent: Node): Adoption {
  const method = textOf(memberOf(sent, 'Method')?.value);
  if (method !== 'POST') return refused(`a webhook is a POST, and this is ${method ?? 'decided at run time'}`);
  if (memberOf(sent, 'Authentication'))
    return refused("a webhook carries no credentials of the caller's, and this one has a connection");
  if (
    textOf(memberOf(sent, 'AuthType')?.value) === 'IAM_ROLE' ||
    textOf(memberOf(sent, 'AuthType')?.value) === 'RESOURCE_POLICY'
  )
    return refused('a webhook is not signed by IAM: give the work to the function behind the API');
  const address = ['ApiEndpoint', 'Stage', 'Path'].map((name) => member(sent, name));
  const [endpoint, stage, path] = address.map(textOf);
  const isKnown = address.every((node) => node === undefined || node.type === 'string');
  if (endpoint === undefined || !isKnown) return refused('its address is made at run time, or from several values');
  const query = membersOf(sent).find(
    ({ name }) =>
      /^(?:QueryParameters|Headers)(?:\.\$)?$/.test(name) && carriersIn(state, member(sent, name), name).length === 0,
  );
  if (query) return refused(`a webhook has no ${query.name} of its own: move it into the body`);
  const body = memberOf(sent, 'RequestBody');
  const rest = body ? withoutToken(state, body, 'payload') : { members: { payload: {} } };
  if ('reason' in rest) return refused(rest.reason);
  const host = /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`;
  const url = [host.replace(/\/$/, ''), stage, path?.replace(/^\//, '')]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
  return { kind: 'webhook', work: { url, ...rest.members } };
}

/** The member, or the one with a path in its name. */
const memberOf = (node: Node, name: string): Member | undefined =>
  membersOf(node).findLast((each) => each.name === name || each.name === `${name}.$`);

const holdsToken = (state: State, { name, value }: Member): boolean => carriersIn(state, value, name).length > 0;

/** The member under another name, with its value as the file has it. */
const moved = ({ document }: State, name: string, from: Member): Readonly<Record<string, Json>> => ({
  [from.name.endsWith('.$') ? `${name}.$` : name]: copyValue(document, from.value),
});

type Rest = { readonly members: Readonly<Record<string, Json>> } | { readonly reason: string };

/** What is sent beside the token: Baton keeps the token, and the worker gets an id in its place. */
function withoutToken(state: State, from: Member, name: string): Rest {
  if (from.value.type !== 'object') {
    if (!holdsToken(state, from)) return { members: moved(state, name, from) };
    const alone = /^(?:\$\$\.Task\.Token|\{%\s*\$states\.context\.Task\.Token\s*%\})$/.test(textOf(from.value) ?? '');
    return alone
      ? { members: { [name]: {} } }
      : { reason: `the token is a part of the expression ${textOf(from.value)}: make it a member of its own` };
  }
  const kept = membersOf(from.value).filter((each) => !holdsToken(state, each));
  const buried = membersOf(from.value).find((each) => holdsToken(state, each) && !isToken(state, each));
  if (buried) return { reason: `the token is inside of ${buried.name}: make it a member of ${from.name}` };
  return { members: { [name]: copyMembers(state.document, kept) } };
}

/** Whether the member is the token and nothing else. */
const isToken = (state: State, { name, value }: Member): boolean =>
  value.type === 'string' &&
  carriersIn(state, value, name).length > 0 &&
  /Task\.Token|Task\[/.test(textOf(value) ?? '') &&
  !/States\.|&/.test(textOf(value) ?? '');
