import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text } from '../../kit/reader.ts';
import { addTags, showTags, tagList } from '../../kit/tags.ts';
import { badRequest, type Identity, type SesState } from './ses-state.ts';

const identityName = required(text({ min: 1, max: 320 }));
const FORM = /^([^@\s<>]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** Addresses and domains that mails may come from. */
export const identityActions = (state: SesState): Record<string, UnboundAction> => ({
  CreateEmailIdentity: action(
    { EmailIdentity: identityName, ConfigurationSetName: optional(text()), Tags: tagList('upper') },
    {
      resources: ({ EmailIdentity }) => [state.arn('identity', EmailIdentity)],
      evidence: 'documented',
      run({ EmailIdentity, ConfigurationSetName, Tags }) {
        const name = EmailIdentity.toLowerCase();
        if (!FORM.test(name)) throw badRequest(`Invalid email identity <${EmailIdentity}>.`);
        if (state.identities.has(name)) {
          throw new AwsError('AlreadyExistsException', `Email identity ${EmailIdentity} already exist.`);
        }
        if (ConfigurationSetName !== undefined) state.configurationSet(ConfigurationSetName);
        const identity: Identity = {
          name,
          arn: state.arn('identity', name),
          verified: false,
          configurationSet: ConfigurationSetName,
          tags: addTags(new Map(), Tags),
        };
        state.identities.set(name, identity);
        askToVerify(state, identity);
        return { IdentityType: typeOf(identity), VerifiedForSendingStatus: false };
      },
    },
  ),

  DeleteEmailIdentity: action(
    { EmailIdentity: identityName },
    {
      resources: ({ EmailIdentity }) => [state.arn('identity', EmailIdentity)],
      evidence: 'documented',
      run({ EmailIdentity }) {
        state.identities.delete(state.identity(EmailIdentity).name);
        return {};
      },
    },
  ),
});

/** What there is of them. */
export const readIdentityActions = (state: SesState): Record<string, UnboundAction> => ({
  GetEmailIdentity: action(
    { EmailIdentity: identityName },
    {
      resources: ({ EmailIdentity }) => [state.arn('identity', EmailIdentity)],
      evidence: 'documented',
      run({ EmailIdentity }) {
        const identity = state.identity(EmailIdentity);
        return {
          IdentityType: typeOf(identity),
          VerifiedForSendingStatus: identity.verified,
          VerificationStatus: identity.verified ? 'SUCCESS' : 'PENDING',
          FeedbackForwardingStatus: true,
          ...(identity.configurationSet !== undefined && { ConfigurationSetName: identity.configurationSet }),
          Tags: showTags(identity.tags, 'upper'),
        };
      },
    },
  ),

  ListEmailIdentities: action(
    {},
    {
      evidence: 'documented',
      run: () => ({
        EmailIdentities: [...state.identities.values()].map((identity) => ({
          IdentityName: identity.name,
          IdentityType: typeOf(identity),
          SendingEnabled: identity.verified,
          VerificationStatus: identity.verified ? 'SUCCESS' : 'PENDING',
        })),
      }),
    },
  ),
});

const typeOf = ({ name }: Identity): string => (name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN');

/**
 * The mail whose link verifies an address. AWS verifies a domain by records in its DNS: there is none here, so its postmaster is asked.
 */
function askToVerify(state: SesState, { name }: Identity): void {
  const { world } = state;
  const to = name.includes('@') ? name : `postmaster@${name}`;
  const verifyUrl = `${world.endpoint()}/_aws/ses/verify?identity=${encodeURIComponent(name)}`;
  state.keep({
    messageId: world.uuid(),
    from: 'no-reply-aws@amazon.com',
    to: [to],
    subject: 'Amazon Web Services - Email Address Verification Request',
    text: `To let this account send mails from ${name}, visit\n${verifyUrl}\n`,
    html: undefined,
    at: world.clock.now(),
    verifyUrl,
  });
}
