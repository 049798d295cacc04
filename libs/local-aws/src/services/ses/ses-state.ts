import type { Millis } from '../../kernel/clock/clock.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import type { Tags } from '../../kit/tags.ts';

/** An address or a domain that mails may come from. */
export interface Identity {
  readonly name: string;
  readonly arn: string;
  verified: boolean;
  configurationSet: string | undefined;
  readonly tags: Tags;
}

/** Where events of mails go. Of the destinations only EventBridge is there. */
export interface EventDestination {
  readonly enabled: boolean;
  readonly types: readonly EventType[];
  readonly busArn: string;
}

export const EVENT_TYPES = [
  'SEND',
  'REJECT',
  'BOUNCE',
  'COMPLAINT',
  'DELIVERY',
  'OPEN',
  'CLICK',
  'RENDERING_FAILURE',
  'DELIVERY_DELAY',
  'SUBSCRIPTION',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface ConfigurationSet {
  readonly name: string;
  readonly arn: string;
  readonly destinations: Map<string, EventDestination>;
  readonly tags: Tags;
}

/** A mail that SES would send, or its own request to confirm an identity. */
export interface SentMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly at: Millis;
  /** Of a request to confirm: the link in it. */
  readonly verifyUrl?: string;
}

/** Identities, configuration sets and the account's standing. */
export class SesState {
  readonly world: World;
  readonly identities = new Map<string, Identity>();
  readonly configurationSets = new Map<string, ConfigurationSet>();
  readonly mails: SentMail[] = [];
  /** A new account may only send to verified identities. [documented: SES Developer Guide, "Request production access"] */
  inSandbox = true;
  /** When mails were sent to how many, of the last day. */
  sent: readonly { readonly at: Millis; readonly recipients: number }[] = [];

  constructor(world: World) {
    this.world = world;
  }

  arn(kind: 'identity' | 'configuration-set', name: string): string {
    return arnOf(this.world, 'ses', `${kind}/${name}`);
  }

  /** @throws {AwsError} NotFoundException */
  identity(name: string): Identity {
    const identity = this.identities.get(name.toLowerCase());
    if (identity === undefined) throw notFound(`Email identity ${name} does not exist.`);
    return identity;
  }

  /** @throws {AwsError} NotFoundException */
  configurationSet(name: string): ConfigurationSet {
    const set = this.configurationSets.get(name);
    if (set === undefined) throw notFound(`Configuration set <${name}> does not exist.`);
    return set;
  }

  /** The identity that vouches for an address: itself, or its domain or one above it. */
  identityOf(address: string): Identity | undefined {
    const own = this.identities.get(address.toLowerCase());
    if (own?.verified === true) return own;
    const labels = address.toLowerCase().split('@')[1]?.split('.') ?? [];
    return labels
      .map((_, place) => this.identities.get(labels.slice(place).join('.')))
      .find((identity) => identity?.verified === true);
  }

  keep(mail: SentMail): void {
    if (this.mails.length >= this.world.retain) this.mails.splice(0, Math.ceil(this.world.retain / 2));
    this.mails.push(mail);
  }
}

export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message, 404);
export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', message);

/** Addresses of the mailbox simulator may be sent to from the sandbox too. [documented: SES Developer Guide] */
export const isSimulator = (address: string): boolean => address.toLowerCase().endsWith('@simulator.amazonses.com');
