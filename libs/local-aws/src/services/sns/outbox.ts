import type { Millis } from '../../kernel/clock/clock.ts';
import type { Delivered, Links } from './envelope.ts';
import type { Subscription } from './subscription.ts';

/** A mail that AWS would send. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Millis;
  readonly topicArn: string;
  /** Of a request to confirm: the link in it. */
  readonly confirmUrl?: string;
}

const DEFAULT_SUBJECT = 'AWS Notification Message';
const CONFIRM_SUBJECT = 'AWS Notification - Subscription Confirmation';

/** Keeps the mails for tests and for the console, which act for the people. Of more than `retain`, the older half is forgotten. */
export class Outbox {
  readonly mails: Mail[] = [];
  readonly #now: () => Millis;
  readonly #links: Links;
  readonly #retain: number;

  constructor(now: () => Millis, links: Links, retain: number) {
    this.#retain = retain;
    this.#now = now;
    this.#links = links;
  }

  notify({ endpoint, protocol }: Subscription, delivered: Delivered, envelope: () => string): void {
    const unsubscribe = this.#links.unsubscribe(delivered.subscriptionArn);
    this.#keep({
      to: endpoint,
      subject: delivered.subject ?? DEFAULT_SUBJECT,
      text:
        protocol === 'email-json' ? envelope() : `${delivered.message}\n\n--\nTo unsubscribe, visit\n${unsubscribe}\n`,
      at: this.#now(),
      topicArn: delivered.topicArn,
    });
  }

  askToConfirm({ endpoint, topicArn }: Subscription, token: string): void {
    const confirmUrl = this.#links.confirm(topicArn, token);
    const text = `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm, visit\n${confirmUrl}\n`;
    this.#keep({ to: endpoint, subject: CONFIRM_SUBJECT, text, at: this.#now(), topicArn, confirmUrl });
  }

  #keep(mail: Mail): void {
    if (this.mails.length >= this.#retain) this.mails.splice(0, Math.ceil(this.#retain / 2));
    this.mails.push(mail);
  }
}
