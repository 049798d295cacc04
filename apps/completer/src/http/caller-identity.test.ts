import { WorkSecret } from '@baton/token-lib';
import { sampleQueueWork, sampleRow, sampleWork, workSecretText } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { answersTo, callerIdentity } from './caller-identity.ts';

const allowed = {
  accountId: '111122223333',
  hostRoleNames: ['baton-host', 'batch'],
  workerRoleNames: ['baton-worker', 'baton-work-*'],
};
const caller =
  (userArn: string, accountId = '111122223333') =>
  () =>
    callerIdentity({ accountId, userArn }, allowed);

describe('who signed a request', () => {
  it.each([
    ['arn:aws:sts::111122223333:assumed-role/baton-host/i-0abc', 'baton-host', 'i-0abc'],
    ['arn:aws-cn:sts::111122223333:assumed-role/batch/i-0def', 'batch', 'i-0def'],
    ['arn:aws:sts::111122223333:assumed-role/baton-worker/resize', 'baton-worker', 'resize'],
    ['arn:aws:sts::111122223333:assumed-role/baton-work-orders/one', 'baton-work-orders', 'one'],
  ])('%s is %s, %s', (userArn, roleName, session) => {
    expect(caller(userArn)()).toEqual({ roleName, session });
  });

  it.each([
    ['another role', 'arn:aws:sts::111122223333:assumed-role/admin/i-0abc'],
    ['a role whose name only ends so', 'arn:aws:sts::111122223333:assumed-role/not-baton-host/i-0abc'],
    ['a role that begins like a worker', 'arn:aws:sts::111122223333:assumed-role/baton-worker-2/i-0abc'],
    ['a role of another account', 'arn:aws:sts::999999999999:assumed-role/baton-host/i-0abc'],
    ['a user', 'arn:aws:iam::111122223333:user/i-0abc'],
    ['a user of a path', 'arn:aws:iam::111122223333:user/assumed-role/baton-host/i-0abc'],
    ['the root', 'arn:aws:iam::111122223333:root'],
    ['a session with a path', 'arn:aws:sts::111122223333:assumed-role/baton-host/x/i-0abc'],
    ['nothing', ''],
  ])('%s is nobody of the platform', (_, userArn) => {
    expect(caller(userArn)).toThrow(/for the hosts and workers of the platform/);
  });

  it('an account that API Gateway names otherwise is none', () => {
    expect(caller('arn:aws:sts::111122223333:assumed-role/baton-host/i-0abc', '999999999999')).toThrow(/hosts/);
  });
});

describe('a callback', () => {
  const host = { roleName: 'baton-host', session: sampleWork().instanceId };
  const worker = { roleName: 'baton-worker', session: sampleWork().instanceId };

  it('of a host answers to that host: no other one, and no worker that took its name', () => {
    const row = sampleRow();
    expect(answersTo(row, host, undefined, allowed)).toBe(true);
    expect(answersTo(row, { ...host, session: 'i-0000000000000dead' }, undefined, allowed)).toBe(false);
    expect(answersTo(row, worker, WorkSecret.of(workSecretText()), allowed)).toBe(false);
  });

  it('of a queue answers to the worker that was given its work, and to no host', () => {
    const row = sampleRow('first', {}, 0, sampleQueueWork());
    const secret = WorkSecret.of(workSecretText());
    expect(answersTo(row, worker, secret, allowed)).toBe(true);
    expect(answersTo(row, worker, WorkSecret.of(workSecretText('other')), allowed)).toBe(false);
    expect(answersTo(row, host, secret, allowed)).toBe(false);
  });
});
