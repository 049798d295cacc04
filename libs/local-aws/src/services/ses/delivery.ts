import type { JsonObject } from '../../kernel/service.ts';
import { isSimulator, type ConfigurationSet, type EventType, type SentMail, type SesState } from './ses-state.ts';

export interface Outgoing {
  readonly mail: SentMail;
  readonly set: ConfigurationSet | undefined;
  readonly tags: readonly { readonly Name: string; readonly Value: string }[];
}

/** Names on EventBridge. [documented: EventBridge Events Reference, "Amazon Simple Email Service events"] */
const DETAIL_TYPES: Readonly<Partial<Record<EventType, string>>> = {
  SEND: 'Email Sent',
  DELIVERY: 'Email Delivered',
  BOUNCE: 'Email Bounced',
  COMPLAINT: 'Email Complaint Received',
};

type Fate = 'delivered' | 'bounced' | 'suppressed' | 'out of office' | 'complained';

/** Keeps the mail and publishes what becomes of it. Nothing is sent to anybody. */
export function deliver(state: SesState, outgoing: Outgoing): void {
  const { mail } = outgoing;
  publish(state, outgoing, 'SEND', { send: {} });
  for (const recipient of mail.to) {
    const fate = fateOf(recipient);
    if (fate !== 'bounced' && fate !== 'suppressed') {
      publish(state, outgoing, 'DELIVERY', { delivery: { timestamp: isoTime(mail.at), recipients: [recipient] } });
    }
    if (fate === 'bounced') publish(state, outgoing, 'BOUNCE', bounce(mail, recipient, 'Permanent', 'General'));
    if (fate === 'suppressed') publish(state, outgoing, 'BOUNCE', bounce(mail, recipient, 'Permanent', 'Suppressed'));
    if (fate === 'out of office') publish(state, outgoing, 'BOUNCE', bounce(mail, recipient, 'Transient', 'General'));
    if (fate === 'complained') {
      publish(state, outgoing, 'COMPLAINT', {
        complaint: {
          complainedRecipients: [{ emailAddress: recipient }],
          timestamp: isoTime(mail.at),
          complaintFeedbackType: 'abuse',
        },
      });
    }
  }
  state.keep(mail);
}

/** The mailbox simulator's addresses, with any label behind a `+`. [documented: SES Developer Guide, "Using the mailbox simulator"] */
function fateOf(recipient: string): Fate {
  if (!isSimulator(recipient)) return 'delivered';
  const box = recipient.toLowerCase().split(/[+@]/)[0] ?? '';
  const fates: Readonly<Record<string, Fate>> = {
    bounce: 'bounced',
    complaint: 'complained',
    ooto: 'out of office',
    suppressionlist: 'suppressed',
  };
  return fates[box] ?? 'delivered';
}

const bounce = (mail: SentMail, emailAddress: string, bounceType: string, bounceSubType: string): JsonObject => ({
  bounce: {
    feedbackId: mail.messageId,
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1' }],
    timestamp: isoTime(mail.at),
  },
});

function publish({ world }: SesState, { mail, set, tags }: Outgoing, type: EventType, what: JsonObject): void {
  const detailType = DETAIL_TYPES[type];
  const isWanted = [...(set?.destinations.values() ?? [])].some(
    ({ enabled, types }) => enabled && types.includes(type),
  );
  if (set === undefined || detailType === undefined || !isWanted) return;
  const named = tags.map(({ Name, Value }) => [Name, [Value]] as const);
  world.publish({
    source: 'aws.ses',
    'detail-type': detailType,
    resources: [set.arn],
    detail: {
      eventType: `${type.charAt(0)}${type.slice(1).toLowerCase()}`,
      ...what,
      mail: {
        timestamp: isoTime(mail.at),
        source: mail.from,
        sendingAccountId: world.accountId,
        messageId: mail.messageId,
        destination: mail.to,
        tags: { ...Object.fromEntries(named), 'ses:operation': ['SendEmail'], 'ses:configuration-set': [set.name] },
      },
    },
  });
}

const isoTime = (at: number): string => new Date(at).toISOString();
