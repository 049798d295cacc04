import { describe, expect, it } from 'vitest';
import { hostIdentity } from './host-identity.ts';

const allowed = { accountId: '111122223333', roleNames: ['baton-host', 'batch'] };
const caller =
  (userArn: string, accountId = '111122223333') =>
  () =>
    hostIdentity({ accountId, userArn }, allowed);

describe('who signed a request', () => {
  it.each([
    ['arn:aws:sts::111122223333:assumed-role/baton-host/i-0abc', 'i-0abc'],
    ['arn:aws-cn:sts::111122223333:assumed-role/batch/i-0def', 'i-0def'],
  ])('%s is %s', (userArn, instanceId) => {
    expect(caller(userArn)()).toBe(instanceId);
  });

  it.each([
    ['another role', 'arn:aws:sts::111122223333:assumed-role/admin/i-0abc'],
    ['a role whose name only ends so', 'arn:aws:sts::111122223333:assumed-role/not-baton-host/i-0abc'],
    ['a role of another account', 'arn:aws:sts::999999999999:assumed-role/baton-host/i-0abc'],
    ['a user', 'arn:aws:iam::111122223333:user/i-0abc'],
    ['a user of a path', 'arn:aws:iam::111122223333:user/assumed-role/baton-host/i-0abc'],
    ['the root', 'arn:aws:iam::111122223333:root'],
    ['a session with a path', 'arn:aws:sts::111122223333:assumed-role/baton-host/x/i-0abc'],
    ['nothing', ''],
  ])('%s is no host of the platform', (_, userArn) => {
    expect(caller(userArn)).toThrow(/for the hosts of the platform/);
  });

  it('an account that API Gateway names otherwise is none', () => {
    expect(caller('arn:aws:sts::111122223333:assumed-role/baton-host/i-0abc', '999999999999')).toThrow(/hosts/);
  });
});
