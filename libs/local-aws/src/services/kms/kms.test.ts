import { describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { refusalOf } from '../../../test/refusal-of.ts';
import { act, createTestWorld } from '../../../test/test-world.ts';
import { createKms } from './kms.ts';

const bytes = (text: string) => Buffer.from(text);
const DAY = 86_400_000;

function createTestKms() {
  const test = createTestWorld();
  onTestFinished(() => test.close());
  const service = createKms(test.world);
  const kms = (action: string, input: JsonObject = {}) => act(service, action, input);
  const createKey = async (input: JsonObject) =>
    (await kms('CreateKey', input))['KeyMetadata'] as Record<string, string>;
  const createMacKey = () => createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  return { kms, clock: test.clock, createKey, createMacKey };
}

describe('a MAC key', () => {
  test('signs a message so that only the same message verifies', async () => {
    const { kms, createMacKey } = createTestKms();
    const { KeyId, Arn } = await createMacKey();
    const request = { KeyId, Message: bytes('approve'), MacAlgorithm: 'HMAC_SHA_256' };
    const { Mac, ...answer } = await kms('GenerateMac', request);
    expect(answer).toEqual({ MacAlgorithm: 'HMAC_SHA_256', KeyId: Arn });
    expect(Mac).toHaveLength(32);
    expect(await kms('VerifyMac', { ...request, Mac })).toEqual({
      KeyId: Arn,
      MacValid: true,
      MacAlgorithm: 'HMAC_SHA_256',
    });
    const forged = kms('VerifyMac', { ...request, Message: bytes('reject'), Mac });
    expect(await refusalOf(forged)).toBe('KMSInvalidMacException: ');
    const cut = kms('VerifyMac', { ...request, Mac: (Mac as Buffer).subarray(1) });
    expect(await refusalOf(cut)).toBe('KMSInvalidMacException: ');
  });

  test('is described as AWS does', async () => {
    const { createMacKey } = createTestKms();
    expect(await createMacKey()).toEqual({
      AWSAccountId: '123456789012',
      KeyId: expect.any(String) as string,
      Arn: expect.stringMatching(/^arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36}$/) as string,
      CreationDate: Date.UTC(2026, 0, 1) / 1000,
      Enabled: true,
      Description: '',
      KeyUsage: 'GENERATE_VERIFY_MAC',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'HMAC_256',
      KeySpec: 'HMAC_256',
      MacAlgorithms: ['HMAC_SHA_256'],
      MultiRegion: false,
    });
  });

  test('signs nothing while it is disabled, pending deletion or of another kind', async () => {
    const { kms, createKey, createMacKey } = createTestKms();
    const { KeyId, Arn } = await createMacKey();
    const sign = (id = KeyId, MacAlgorithm = 'HMAC_SHA_256') =>
      kms('GenerateMac', { KeyId: id, Message: bytes('x'), MacAlgorithm });
    await kms('DisableKey', { KeyId });
    expect(await refusalOf(sign())).toBe(`DisabledException: ${Arn} is disabled.`);
    await kms('EnableKey', { KeyId });
    expect(await refusalOf(sign(KeyId, 'HMAC_SHA_512'))).toMatch(/^InvalidKeyUsageException: .*incompatible/);
    await kms('ScheduleKeyDeletion', { KeyId });
    expect(await refusalOf(sign())).toBe(`KMSInvalidStateException: ${Arn} is pending deletion.`);
    expect(await refusalOf(kms('EnableKey', { KeyId }))).toMatch(/^KMSInvalidStateException: .*pending deletion/);
    const { KeyId: cipherKey } = await createKey({});
    expect(await refusalOf(sign(cipherKey))).toMatch(/^InvalidKeyUsageException: .*not valid for GenerateMac/);
  });

  test('is gone when its deletion is due, unless that is cancelled', async () => {
    const { kms, clock, createMacKey } = createTestKms();
    const [first, second] = [await createMacKey(), await createMacKey()];
    await kms('CreateAlias', { AliasName: 'alias/first', TargetKeyId: first['KeyId'] });
    for (const { KeyId } of [first, second]) await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    await kms('CancelKeyDeletion', { KeyId: second['KeyId'] });
    await clock.advance(7 * DAY - 1);
    expect(await kms('DescribeKey', { KeyId: first['KeyId'] })).toMatchObject({
      KeyMetadata: { KeyState: 'PendingDeletion' },
    });
    await clock.advance(1);
    const gone = kms('DescribeKey', { KeyId: first['KeyId'] });
    expect(await refusalOf(gone)).toBe(`NotFoundException: Key '${first['Arn']}' does not exist`);
    expect(await kms('ListKeys')).toEqual({
      Keys: [{ KeyId: second['KeyId'], KeyArn: second['Arn'] }],
      Truncated: false,
    });
    expect(await kms('ListAliases')).toEqual({ Aliases: [], Truncated: false });
    expect(await kms('DescribeKey', { KeyId: second['KeyId'] })).toMatchObject({
      KeyMetadata: { KeyState: 'Disabled' },
    });
  });
});

test('a key wears tags', async () => {
  const { kms, createKey } = createTestKms();
  const { KeyId } = await createKey({ Tags: [{ TagKey: 'team', TagValue: 'a' }] });
  await kms('TagResource', { KeyId, Tags: [{ TagKey: 'stage', TagValue: 'dev' }] });
  await kms('UntagResource', { KeyId, TagKeys: ['team'] });
  const Tags = [{ TagKey: 'stage', TagValue: 'dev' }];
  expect(await kms('ListResourceTags', { KeyId })).toEqual({ Tags, Truncated: false });
  expect(await refusalOf(kms('UntagResource', { KeyId, TagKeys: 'stage' }))).toBe(
    'SerializationException: STRING_VALUE can not be converted to a List',
  );
});

test('keys are listed in pages', async () => {
  const { kms, createMacKey } = createTestKms();
  const ids = [(await createMacKey())['KeyId'], (await createMacKey())['KeyId']];
  const first = await kms('ListKeys', { Limit: 1 });
  expect(first).toMatchObject({ Keys: [{ KeyId: ids[0] }], Truncated: true });
  const rest = await kms('ListKeys', { Limit: 1, Marker: first['NextMarker'] });
  expect(rest).toMatchObject({ Keys: [{ KeyId: ids[1] }], Truncated: false });
});

describe('an alias', () => {
  test('stands for its key in every form of the key id', async () => {
    const { kms, createMacKey } = createTestKms();
    const [one, other] = [await createMacKey(), await createMacKey()];
    await kms('CreateAlias', { AliasName: 'alias/links', TargetKeyId: one['KeyId'] });
    const described = async (KeyId: string) =>
      ((await kms('DescribeKey', { KeyId }))['KeyMetadata'] as JsonObject)['KeyId'];
    const arn = 'arn:aws:kms:us-east-1:123456789012:alias/links';
    for (const id of ['alias/links', arn, one['KeyId']!, one['Arn']!]) expect(await described(id)).toBe(one['KeyId']);
    await kms('UpdateAlias', { AliasName: 'alias/links', TargetKeyId: other['KeyId'] });
    expect(await described('alias/links')).toBe(other['KeyId']);
    const again = kms('CreateAlias', { AliasName: 'alias/links', TargetKeyId: one['KeyId'] });
    const message = `An alias with the name ${arn} already exists`;
    expect(await refusalOf(again)).toBe(`AlreadyExistsException: ${message}`);
    await kms('DeleteAlias', { AliasName: 'alias/links' });
    expect(await refusalOf(described('alias/links'))).toBe(`NotFoundException: Alias ${arn} is not found.`);
  });
});

describe('an encryption key', () => {
  test('gives the text back to whoever names the same context', async () => {
    const { kms, createKey } = createTestKms();
    const { KeyId, Arn } = await createKey({});
    const context = { EncryptionContext: { table: 'callbacks', account: '1' } };
    const { CiphertextBlob } = await kms('Encrypt', { KeyId, Plaintext: bytes('secret'), ...context });
    const decrypted = await kms('Decrypt', {
      CiphertextBlob,
      EncryptionContext: { account: '1', table: 'callbacks' },
    });
    expect(decrypted).toMatchObject({ Plaintext: bytes('secret'), KeyId: Arn });
    const bad = 'InvalidCiphertextException: ';
    expect(await refusalOf(kms('Decrypt', { CiphertextBlob }))).toBe(bad);
    expect(await refusalOf(kms('Decrypt', { CiphertextBlob: bytes('garbage'), ...context }))).toBe(bad);
    const { KeyId: other } = await createKey({});
    const wrongKey = kms('Decrypt', { CiphertextBlob, KeyId: other, ...context });
    expect(await refusalOf(wrongKey)).toMatch(/^IncorrectKeyException: .*does not identify/);
  });
});

test.each([
  [
    'CreateKey',
    { KeySpec: 'RSA_2048' },
    /^UnsupportedOperationException: .*RSA_2048 is not supported here, only HMAC_224/,
  ],
  ['CreateKey', { KeySpec: 'HMAC_256' }, /^ValidationException: KeyUsage ENCRYPT_DECRYPT is not compatible/],
  ['DescribeKey', {}, /^ValidationException: .*at 'keyId' failed to satisfy constraint: Member must not be null/],
  ['DescribeKey', { KeyId: 'nonsense' }, /^NotFoundException: Invalid keyId 'nonsense'/],
  ['CreateAlias', { AliasName: 'links', TargetKeyId: 'x' }, /^ValidationException: .*must start with the prefix/],
  ['CreateAlias', { AliasName: 'alias/aws/x', TargetKeyId: 'x' }, /^InvalidAliasNameException: .*not a valid alias/],
  ['Encrypt', { KeyId: 'x', Plaintext: 'text' }, /^NotFoundException: Invalid keyId 'x'/],
  ['GenerateMac', { KeyId: 'x', MacAlgorithm: 'HMAC_SHA_256' }, /^ValidationException: .*at 'message'/],
])('%s of %j is refused with %s', async (action, input, refusal) => {
  const { kms } = createTestKms();
  expect(await refusalOf(kms(action, input))).toMatch(refusal);
});

describe('a key policy', () => {
  test('gives the account everything until another one is put', async () => {
    const { kms, createKey } = createTestKms();
    const { KeyId } = await createKey({});
    const { Policy } = await kms('GetKeyPolicy', { KeyId });
    expect(JSON.parse(Policy as string)).toMatchObject({ Statement: [{ Effect: 'Allow', Action: 'kms:*' }] });
    const mine = '{"Version":"2012-10-17","Statement":[]}';
    await kms('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: mine });
    expect(await kms('GetKeyPolicy', { KeyId })).toEqual({ Policy: mine, PolicyName: 'default' });
    expect(await kms('ListKeyPolicies', { KeyId })).toEqual({ PolicyNames: ['default'], Truncated: false });
  });

  test('can be given with the key, must be JSON, and has one name', async () => {
    const { kms, createKey } = createTestKms();
    const { KeyId } = await createKey({ Policy: '{}' });
    expect(await kms('GetKeyPolicy', { KeyId })).toMatchObject({ Policy: '{}' });
    expect(await refusalOf(kms('PutKeyPolicy', { KeyId, Policy: '{' }))).toMatch('MalformedPolicyDocumentException');
    expect(await refusalOf(kms('GetKeyPolicy', { KeyId, PolicyName: 'other' }))).toBe(
      'NotFoundException: No such policy exists: other',
    );
  });
});

describe('rotation', () => {
  test('is off until it is turned on', async () => {
    const { kms, createKey } = createTestKms();
    const { KeyId, Arn } = await createKey({});
    expect(await kms('GetKeyRotationStatus', { KeyId })).toEqual({ KeyId: Arn, KeyRotationEnabled: false });
    await kms('EnableKeyRotation', { KeyId });
    expect(await kms('GetKeyRotationStatus', { KeyId })).toMatchObject({ KeyRotationEnabled: true });
    await kms('DisableKeyRotation', { KeyId });
    expect(await kms('GetKeyRotationStatus', { KeyId })).toMatchObject({ KeyRotationEnabled: false });
  });

  test('is not for MAC keys', async () => {
    const { kms, createMacKey } = createTestKms();
    const { KeyId } = await createMacKey();
    expect(await refusalOf(kms('EnableKeyRotation', { KeyId }))).toMatch('UnsupportedOperationException');
  });
});
