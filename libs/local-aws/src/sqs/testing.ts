import { createActivity } from '../clock/activity.ts';
import { createManualClock } from '../clock/manual-clock.ts';
import { createCredentials } from '../credentials/credentials.ts';
import { createObservers } from '../observers.ts';
import type { Caller, JsonObject, World } from '../service.ts';
import { createSqs } from './sqs.ts';

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

/** SQS alone, with a queue named `jobs`. */
export async function createTestSqs(attributes: Record<string, string> = {}) {
  const { world, clock, activity } = createTestWorld();
  const service = createSqs(world);
  const sqs = async (action: string, input: JsonObject = {}): Promise<JsonObject> => {
    const act = service.actions[action];
    if (act === undefined) throw new Error(`No action ${action}`);
    return act(input, testCaller);
  };
  const name = attributes['FifoQueue'] === 'true' ? 'jobs.fifo' : 'jobs';
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: name, Attributes: attributes });
  return { service, sqs, clock, activity, queueUrl: QueueUrl as string };
}
