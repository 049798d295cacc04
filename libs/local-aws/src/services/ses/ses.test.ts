import { describe, expect, onTestFinished, test } from 'vitest';
import { act, createTestWorld } from '../../../test/test-world.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createSes } from './ses.ts';

const from = 'baton@example.com';
const bus = 'arn:aws:events:us-east-1:123456789012:event-bus/default';

/** SES in the sandbox, with a verified sender and a configuration set that has bounces and complaints published. */
async function createTestSes() {
  const test = createTestWorld();
  onTestFinished(() => test.close());
  const service = createSes(test.world);
  const ses = (action: string, input: JsonObject = {}) => act(service, action, input);
  const verify = async (identity: string) => {
    await ses('CreateEmailIdentity', { EmailIdentity: identity });
    const { verifyUrl = '' } = service.outbox.at(-1) ?? {};
    const { pathname, search } = new URL(verifyUrl);
    const request = { method: 'GET', path: pathname, query: search.slice(1), headers: {}, sourceIp: '127.0.0.1' };
    await service.handlers?.['ses']?.({ ...request, body: Buffer.alloc(0) }, '');
  };
  await verify(from);
  await ses('CreateConfigurationSet', { ConfigurationSetName: 'mail' });
  await ses('CreateConfigurationSetEventDestination', {
    ConfigurationSetName: 'mail',
    EventDestinationName: 'events',
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ['BOUNCE', 'COMPLAINT'],
      EventBridgeDestination: { EventBusArn: bus },
    },
  });
  const send = (to: string, more: JsonObject = {}) =>
    ses('SendEmail', {
      FromEmailAddress: `Baton <${from}>`,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: { Data: 'hello' }, Body: { Text: { Data: 'plain' }, Html: { Data: '<p>rich' } } } },
      EmailTags: [{ Name: 'callbackId', Value: 'abc' }],
      ConfigurationSetName: 'mail',
      ...more,
    });
  return { service, ses, send, verify, ...test };
}

describe('a mail', () => {
  test('in the sandbox goes to verified addresses and to the simulator alone', async () => {
    const { service, send, verify, clock } = await createTestSes();
    await expect(send('ann@example.com')).rejects.toThrow(
      'Email address is not verified. The following identities failed the check in region US-EAST-1: ann@example.com',
    );
    await verify('ann@example.com');
    await send('ann@example.com');
    expect(service.outbox.at(-1)).toMatchObject({ to: ['ann@example.com'], subject: 'hello', html: '<p>rich' });
    await clock.advance(1_000);
    expect(await send('success@simulator.amazonses.com')).toMatchObject({ MessageId: expect.any(String) as string });
  });

  test('comes from a verified address, or one of a verified domain', async () => {
    const { send, verify, clock } = await createTestSes();
    const to = 'success@simulator.amazonses.com';
    const other = { FromEmailAddress: 'team@eu.example.org' };
    await expect(send(to, other)).rejects.toThrow('team@eu.example.org');
    await verify('example.org');
    await clock.advance(1_000);
    await send(to, other);
  });

  test('is one a second in the sandbox, 14 outside', async () => {
    const { ses, send } = await createTestSes();
    const to = 'success@simulator.amazonses.com';
    await send(to);
    await expect(send(to)).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    await ses('PutAccountDetails', {
      MailType: 'TRANSACTIONAL',
      WebsiteURL: 'https://x',
      ProductionAccessEnabled: true,
    });
    for (let count = 1; count < 14; count++) await send(to);
    await expect(send(to)).rejects.toThrow('Maximum sending rate exceeded.');
    await ses('GetAccount').then((account) => expect(account).toMatchObject({ ProductionAccessEnabled: true }));
  });

  test.each([
    ['bounce', 'Email Bounced', { bounce: { bounceType: 'Permanent' } }],
    ['bounce+ann', 'Email Bounced', { bounce: { bounceType: 'Permanent' } }],
    ['ooto', 'Email Bounced', { bounce: { bounceType: 'Transient' } }],
    ['suppressionlist', 'Email Bounced', { bounce: { bounceSubType: 'Suppressed' } }],
    ['complaint', 'Email Complaint Received', { complaint: { complaintFeedbackType: 'abuse' } }],
  ])('to %s of the simulator is published as %s', async (box, type, detail) => {
    const { send, published } = await createTestSes();
    await send(`${box}@simulator.amazonses.com`);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      source: 'aws.ses',
      'detail-type': type,
      detail: { ...detail, mail: { tags: { callbackId: ['abc'], 'ses:configuration-set': ['mail'] } } },
    });
  });

  test.each([
    ['without a body', { Content: { Simple: { Subject: { Data: 'x' }, Body: {} } } }, /neither text nor HTML/],
    ['with a tag that has spaces', { EmailTags: [{ Name: 'a b', Value: 'c' }] }, /Invalid tag/],
    ['with a configuration set that is not there', { ConfigurationSetName: 'other' }, /<other> does not exist/],
    ['to nobody', { Destination: {} }, /Recipient count/],
  ])('%s is refused', async (_, more, why) => {
    const { send } = await createTestSes();
    await expect(send('success@simulator.amazonses.com', more)).rejects.toThrow(why);
  });
});

test('tags and settings are shown as Terraform reads them back', async () => {
  const { ses } = await createTestSes();
  const arn = 'arn:aws:ses:us-east-1:123456789012:configuration-set/mail';
  await ses('TagResource', { ResourceArn: arn, Tags: [{ Key: 'team', Value: 'x' }] });
  expect(await ses('ListTagsForResource', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'team', Value: 'x' }] });
  expect(await ses('GetConfigurationSetEventDestinations', { ConfigurationSetName: 'mail' })).toMatchObject({
    EventDestinations: [{ Name: 'events', Enabled: true, MatchingEventTypes: ['BOUNCE', 'COMPLAINT'] }],
  });
  await ses('DeleteConfigurationSet', { ConfigurationSetName: 'mail' });
  await expect(ses('GetConfigurationSet', { ConfigurationSetName: 'mail' })).rejects.toThrow('does not exist');
});
