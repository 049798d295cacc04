import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, list, optional, required, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import { deliver } from './delivery.ts';
import { badRequest, isSimulator, type SesState } from './ses-state.ts';

const DAY = 24 * 3_600_000;
/** What a new account may send, and one that has left the sandbox begins with. [documented: SES Developer Guide, "Service quotas"] */
const QUOTAS = {
  sandbox: { perDay: 200, perSecond: 1 },
  production: { perDay: 50_000, perSecond: 14 },
} as const;
const MAX_RECIPIENTS = 50;
const TAG = /^[A-Za-z0-9_.@-]{1,256}$/;

const part = optional(structure({ Data: required(text()), Charset: optional(text()) }));
const addresses = withDefault(list(text({ min: 1 })), []);

export const mailMembers = {
  FromEmailAddress: required(text({ min: 1 })),
  Destination: required(structure({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })),
  Content: required(
    structure({
      Simple: required(
        structure({
          Subject: required(structure({ Data: required(text()), Charset: optional(text()) })),
          Body: required(structure({ Text: part, Html: part })),
          Headers: withDefault(list(structure({ Name: required(text()), Value: required(text()) })), []),
        }),
      ),
    }),
  ),
  EmailTags: withDefault(list(structure({ Name: required(text()), Value: required(text()) })), []),
  ConfigurationSetName: optional(text()),
};

/** Sending, and the account's standing. */
export const sendActions = (state: SesState): Record<string, UnboundAction> => ({
  SendEmail: action(mailMembers, {
    resources: ({ FromEmailAddress, ConfigurationSetName }) => [
      state.identityOf(addressOf(FromEmailAddress))?.arn ?? state.arn('identity', addressOf(FromEmailAddress)),
      ...(ConfigurationSetName === undefined ? [] : [state.arn('configuration-set', ConfigurationSetName)]),
    ],
    evidence: 'documented',
    run(request) {
      const to = recipientsOf(request);
      checkMail(state, request, to);
      const identity = state.identityOf(addressOf(request.FromEmailAddress));
      const setName = request.ConfigurationSetName ?? identity?.configurationSet;
      const set = setName === undefined ? undefined : state.configurationSet(setName);
      spendQuota(state, to.length);
      const { Subject, Body } = request.Content.Simple;
      const mail = {
        messageId: `0100${state.world.uuid()}-000000`,
        from: request.FromEmailAddress,
        to,
        subject: Subject.Data,
        text: Body.Text?.Data,
        html: Body.Html?.Data,
        at: state.world.clock.now(),
      };
      deliver(state, { mail, set, tags: request.EmailTags });
      return { MessageId: mail.messageId };
    },
  }),

  GetAccount: action(
    {},
    {
      evidence: 'documented',
      run() {
        const { perDay, perSecond } = quotaOf(state);
        const SentLast24Hours = state.sent.reduce((sum, { recipients }) => sum + recipients, 0);
        return {
          DedicatedIpAutoWarmupEnabled: false,
          EnforcementStatus: 'HEALTHY',
          ProductionAccessEnabled: !state.inSandbox,
          SendQuota: { Max24HourSend: perDay, MaxSendRate: perSecond, SentLast24Hours },
          SendingEnabled: true,
          SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
        };
      },
    },
  ),

  /** On AWS a person reads the request first; here it is granted at once. */
  PutAccountDetails: action(
    { MailType: required(text()), WebsiteURL: required(text()), ProductionAccessEnabled: withDefault(flag, false) },
    {
      evidence: 'documented',
      run({ ProductionAccessEnabled }) {
        if (ProductionAccessEnabled) state.inSandbox = false;
        return {};
      },
    },
  ),
});

type MailRequest = Members<typeof mailMembers>;

/** `Baton <a@example.com>` is from `a@example.com`. */
export const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;

const recipientsOf = ({ Destination: { ToAddresses, CcAddresses, BccAddresses } }: MailRequest): string[] =>
  [...ToAddresses, ...CcAddresses, ...BccAddresses].map(addressOf);

/** @throws {AwsError} BadRequestException, MessageRejected */
function checkMail(state: SesState, { FromEmailAddress, Content, EmailTags }: MailRequest, to: string[]): void {
  if (to.length === 0 || to.length > MAX_RECIPIENTS)
    throw badRequest(`Recipient count must be 1 to ${MAX_RECIPIENTS}.`);
  if (EmailTags.some(({ Name, Value }) => !TAG.test(Name) || !TAG.test(Value))) {
    throw badRequest('Invalid tag: only alphanumeric ASCII characters, _, -, . and @ are allowed.');
  }
  const { Body } = Content.Simple;
  if (Body.Text === undefined && Body.Html === undefined) throw badRequest('The body has neither text nor HTML.');
  const from = addressOf(FromEmailAddress);
  const unverified = [from, ...(state.inSandbox ? to : [])].filter(
    (address) => !isSimulator(address) && state.identityOf(address) === undefined,
  );
  if (unverified.length === 0) return;
  const region = state.world.region.toUpperCase();
  const failed = unverified.join(', ');
  const message = `Email address is not verified. The following identities failed the check in region ${region}: ${failed}`;
  throw new AwsError('MessageRejected', message);
}

const quotaOf = ({ inSandbox }: SesState) => (inSandbox ? QUOTAS.sandbox : QUOTAS.production);

/** @throws {AwsError} TooManyRequestsException, LimitExceededException */
function spendQuota(state: SesState, recipients: number): void {
  const now = state.world.clock.now();
  const { perDay, perSecond } = quotaOf(state);
  const today = state.sent.filter(({ at }) => at > now - DAY);
  const sum = (since: number): number =>
    today.filter(({ at }) => at > since).reduce((total, { recipients: some }) => total + some, recipients);
  if (sum(now - 1_000) > perSecond) {
    throw new AwsError('TooManyRequestsException', 'Maximum sending rate exceeded.', 429);
  }
  if (sum(now - DAY) > perDay) throw new AwsError('LimitExceededException', 'Daily message quota exceeded.');
  state.sent = [...today, { at: now, recipients }];
}
