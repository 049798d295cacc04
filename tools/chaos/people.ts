/** Approvers and partners: they hold a link, use it when they like, again when the page failed, and sometimes twice. */
import { failure, type LinkKeys, type Outcome, seconds, verifyLink } from '@baton/token-lib';
import type { NotifierWorld } from './host-client.ts';
import { persist } from './host-client.ts';
import { type Client, type Reply, request } from './http.ts';
import { startProcess } from './process.ts';
import type { Invoked } from './functions.ts';

export interface PeopleWorld extends NotifierWorld {
  readonly linkKeys: LinkKeys;
}

export interface People {
  /** A mail with a link. */
  notice(text: string): void;
  /** A partner is called with a callback URL. */
  partner(callbackUrl: string): void;
}

/** How long a page or a URL is tried again. */
const PATIENCE = seconds(120);
const TIMEOUT = seconds(30);
const TWICE = 0.1;

export function simulatePeople(world: PeopleWorld): People {
  const { time, chance, completer, linkKeys, attemptOf, oracle } = world;

  async function ask<T>(piece: string, what: string, arrive: () => Promise<Invoked<T>>): Promise<Reply<T>> {
    // Browsers and partners are not killed: who closes the page and comes again is the same to Baton.
    const process = startProcess(time);
    const client: Client = { process, isCutOff: () => false };
    const once = () => request(world, client, { what, piece, timeout: TIMEOUT, arrive });
    return persist(world, process, once, time.now() + PATIENCE);
  }

  async function decide(link: string): Promise<void> {
    const { callbackId, approver = 0 } = await verifyLink(linkKeys, 'approval', link);
    const attempt = attemptOf(callbackId);
    const decision = chance.pick(['approved', 'approved', 'denied'] as const);
    const reply = await ask(attempt.piece.name, 'vote', () => completer.vote(callbackId, approver, decision));
    if (reply.kind === 'answered' && reply.answer.outcome !== undefined)
      oracle.answered(attempt, reply.answer.outcome, 'stored');
  }

  async function callBack(link: string, outcome: Outcome): Promise<void> {
    const { callbackId } = await verifyLink(linkKeys, 'webhook', link);
    const attempt = attemptOf(callbackId);
    const reply = await ask(attempt.piece.name, 'call back', () => completer.callBack(callbackId, outcome));
    if (reply.kind === 'answered') oracle.answered(attempt, outcome, reply.answer.answer);
  }

  return {
    notice(text) {
      const link = linkIn(text);
      time.after(chance.between(seconds(5), seconds(600)), () => void decide(link));
      if (chance.happens(TWICE)) time.after(chance.between(seconds(5), seconds(600)), () => void decide(link));
    },
    partner(url) {
      const link = linkIn(url);
      const name = async () => attemptOf((await verifyLink(linkKeys, 'webhook', link)).callbackId).piece;
      time.after(chance.between(seconds(1), seconds(300)), () => {
        void name().then(({ outcome }) => callBack(link, outcome));
        if (chance.happens(TWICE))
          time.after(chance.between(0, seconds(5)), () => void callBack(link, failure('PartnerChangedItsMind', '')));
      });
    },
  };
}

const linkIn = (text: string): string => text.split('/').at(-1)?.split(/\s/)[0] ?? '';
