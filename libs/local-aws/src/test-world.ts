import { AwsError } from './aws-error.ts';
import { createActivity } from './clock/activity.ts';
import { createManualClock } from './clock/manual-clock.ts';
import { createCredentials } from './credentials/credentials.ts';
import { createObservers } from './observers.ts';
import type { Caller, World } from './service.ts';

export const testCaller: Caller = {
  accountId: '000000000000',
  region: 'us-east-1',
  principalArn: 'arn:aws:iam::000000000000:user/tester',
};

/** A world with nothing in it but time. */
export function createTestWorld() {
  const activity = createActivity();
  const clock = createManualClock(Date.UTC(2026, 0, 1), activity);
  let ids = 0;
  const world: World = {
    clock,
    activity,
    accountId: testCaller.accountId,
    region: testCaller.region,
    folder: '/nowhere',
    credentials: createCredentials({ clock, accountId: testCaller.accountId, uuid: () => 'unused' }),
    observers: createObservers(),
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    random: () => 0.5,
    endpoint: () => 'http://127.0.0.1:4577',
    publish: () => undefined,
    call: () => Promise.reject(new Error('There is no other service in this world.')),
  };
  return { world, clock, activity };
}

/** `Code: message` of the refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'not refused';
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
