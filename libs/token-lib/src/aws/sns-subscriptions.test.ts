import { describe, expect, it } from 'vitest';
import { mayPass } from './sns-subscriptions.ts';

const ann = { approver: 'Ann', email: 'ann@example.com' };

describe('a notice', () => {
  it.each([
    ['a subscription without a policy', 'everything' as const, true],
    ['the policy of module approvals', { approver: ['Ann'], email: ['ann@example.com'] }, true],
    ['one of several values', { approver: ['Ben', 'Ann'] }, true],
    ['another name', { approver: ['Anna'], email: ['ann@example.com'] }, false],
    ['another address', { approver: ['Ann'], email: ['a@example.com'] }, false],
    ['an attribute that it does not have', { team: ['payments'] }, false],
    ['a pattern, which only SNS knows to read', { approver: [{ prefix: 'B' }] }, true],
    ['a policy that is joined by or', { $or: [{ approver: ['Ben'] }] }, true],
  ])('may pass %s: %j', (_, policy, passes) => {
    expect(mayPass(policy, ann)).toBe(passes);
  });
});
