/**
 * The handler of approvers: a page on GET, which changes nothing however often and by whom it is fetched (mail scanners
 * fetch every link), and a decision on POST. The link is all that an approver has; it is verified before anything else.
 */
import {
  BatonError,
  type Link,
  type LinkKeys,
  type Log,
  type Millis,
  sayable,
  type SettlePorts,
  verifyLink,
  vote,
} from '@baton/token-lib';
import { type HttpResponse, type LinkRequest, parseLinkRequest } from '../api-gateway.ts';
import { approvalPage, MAX_COMMENT_CHARACTERS, notAllowedPage, notKnownPage, tryAgainPage } from './approval-page.ts';
import { approvalView, type ApprovalView } from './approval-view.ts';
import { type Page, toPageResponse } from './page.ts';

export interface LinkHandlerPorts extends SettlePorts {
  readonly linkKeys: LinkKeys;
}

/** Never rejects: an approver sees a page, whatever happens. */
export async function answerApproval(ports: () => LinkHandlerPorts, log: Log, event: unknown): Promise<HttpResponse> {
  try {
    return toPageResponse(await handleApproval(ports(), event));
  } catch (error) {
    log('alarm', 'no page', sayable(error));
    return toPageResponse(tryAgainPage);
  }
}

export async function handleApproval(ports: LinkHandlerPorts, event: unknown): Promise<Page> {
  const request = parseLinkRequest(event);
  const link = await verified(ports, request);
  if (link === undefined) return notAllowedPage;
  return request.method === 'POST' ? decide(ports, link, request) : show(ports, link, request.at);
}

async function verified({ linkKeys, log }: LinkHandlerPorts, { link }: LinkRequest): Promise<Link | undefined> {
  try {
    return await verifyLink(linkKeys, 'approval', link);
  } catch (error) {
    if (!(error instanceof BatonError && error.code === 'LinkRefused')) throw error;
    log('info', 'a link was refused', { handler: 'approvals' });
    return undefined;
  }
}

async function show({ store }: LinkHandlerPorts, link: Link, at: Millis): Promise<Page> {
  const row = await store.read(link.callbackId);
  const view = row && approvalView(row, await store.workOf(row), link, at);
  if (view === undefined) return notKnownPage;
  return approvalPage(view, isOver(view) ? 410 : 200);
}

const isOver = ({ kind }: ApprovalView): boolean => kind === 'expired' || kind === 'closed';

async function decide(ports: LinkHandlerPorts, link: Link, request: LinkRequest): Promise<Page> {
  const { at } = request;
  const row = await ports.store.read(link.callbackId);
  const work = row && (await ports.store.workOf(row));
  const view = row && work && approvalView(row, work, link, at);
  if (row === undefined || work === undefined || view === undefined || link.approver === undefined) return notKnownPage;
  if (view.kind !== 'open') return approvalPage(view, isOver(view) ? 410 : 409);
  const ballot = ballotIn(request);
  if ('problem' in ballot) return approvalPage(view, ballot.status, ballot);
  const voted = await vote(ports, row, { ...ballot, approver: link.approver, at });
  const after = approvalView(voted.row, work, link, at);
  if (after === undefined) return notKnownPage;
  const isTaken = voted.answer === 'decides' || voted.answer === 'counted';
  if (isTaken) return approvalPage(after, 200, { taken: true });
  return approvalPage(after, voted.answer === 'voted' ? 409 : 410);
}

interface BadBallot {
  readonly status: number;
  readonly problem: string;
}

/** A form, as the page sends it, with exactly one decision. */
function ballotIn({
  contentType,
  body,
}: LinkRequest): BadBallot | { decision: 'approved' | 'denied'; comment?: string } {
  if (contentType !== 'application/x-www-form-urlencoded') {
    return { status: 415, problem: 'That was not a form of this page. Use one of the two buttons.' };
  }
  const form = new URLSearchParams(body);
  const decisions = form.getAll('decision');
  const [decision] = decisions;
  if (decisions.length !== 1 || (decision !== 'approved' && decision !== 'denied')) {
    return { status: 400, problem: 'That was not one decision. Use one of the two buttons.' };
  }
  const comment = (form.get('comment') ?? '').replaceAll('\r\n', '\n').trim();
  if ([...comment].length > MAX_COMMENT_CHARACTERS) {
    return {
      status: 400,
      problem: `A comment has ${MAX_COMMENT_CHARACTERS} characters at most. Nothing was decided.`,
    };
  }
  return { decision, ...(comment !== '' && { comment }) };
}
