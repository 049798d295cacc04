import type { JsonObject } from '../service.ts';
import { createTestWorld, testCaller } from '../test-world.ts';
import { createSqs } from './sqs.ts';

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
