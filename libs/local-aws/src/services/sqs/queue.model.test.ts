import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestSqs, type Received } from './testing.ts';

/**
 * Any sequence of requests against a model that scans a plain list (queue.ts Q1-Q3): no message is lost, none is delivered
 * while it is invisible, and each receipt is counted.
 */
interface ModelMessage {
  readonly id: string;
  readonly group: string;
  visibleAt: number;
  receives: number;
  /** Of the latest receipt. */
  handle: string | undefined;
}

type Step =
  | { readonly kind: 'send'; readonly delay: number; readonly group: string }
  | { readonly kind: 'receive'; readonly most: number; readonly visibility: number }
  | { readonly kind: 'delete'; readonly pick: number }
  | { readonly kind: 'change'; readonly pick: number; readonly visibility: number }
  | { readonly kind: 'advance'; readonly seconds: number };

const small = (max: number) => fc.integer({ min: 0, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    delay: fc.constantFrom(0, 0, 0, 3),
    group: fc.constantFrom('a', 'b'),
  }),
  fc.record({ kind: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 10 }), visibility: small(4) }),
  fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('change' as const), pick: fc.nat(), visibility: small(4) }),
  fc.record({ kind: fc.constant('advance' as const), seconds: small(4) }),
);

const MAX_RECEIVES = 2;

class Model {
  readonly messages: ModelMessage[] = [];
  readonly dead: ModelMessage[] = [];
  readonly #fifo: boolean;

  constructor(fifo: boolean) {
    this.#fifo = fifo;
  }

  /** What may be delivered now; of a FIFO group nothing while one of its messages is in flight. */
  deliverable(now: number): ModelMessage[] {
    const isInFlight = (message: ModelMessage) => message.handle !== undefined && message.visibleAt > now;
    const locked = new Set(this.messages.filter(isInFlight).map((message) => message.group));
    return this.messages.filter((message) => message.visibleAt <= now && !(this.#fifo && locked.has(message.group)));
  }

  /** @throws where the delivery is not one that the model allows */
  receive(received: readonly Received[], most: number, now: number, visibility: number): void {
    const able = this.deliverable(now);
    const exhausted = able.filter((message) => message.receives >= MAX_RECEIVES);
    const alive = able.filter((message) => message.receives < MAX_RECEIVES);
    expect(received.length).toBe(Math.min(most, alive.length));
    for (const delivery of received) {
      const message = alive.find(({ id }) => id === delivery.MessageId);
      if (message === undefined) throw new Error(`${delivery.MessageId} was not deliverable`);
      message.receives += 1;
      message.handle = delivery.ReceiptHandle;
      expect(delivery.Attributes?.['ApproximateReceiveCount']).toBe(String(message.receives));
    }
    if (this.#fifo) this.#expectOrder(received, alive);
    for (const { MessageId } of received) this.#byId(MessageId).visibleAt = now + visibility * 1000;
    // Exhausted messages in front of those that were taken are buried; the rest when somebody gets to them.
    if (received.length < most) for (const message of exhausted) this.#bury(message);
  }

  /** Each group from its front, without a gap. */
  #expectOrder(received: readonly Received[], alive: readonly ModelMessage[]): void {
    for (const group of ['a', 'b']) {
      const wanted = alive.filter((message) => message.group === group).map((message) => message.id);
      const got = received.map(({ MessageId }) => MessageId).filter((id) => this.#byId(id).group === group);
      expect(got).toEqual(wanted.slice(0, got.length));
    }
  }

  #byId(id: string): ModelMessage {
    return this.messages.find((message) => message.id === id)!;
  }

  remove(message: ModelMessage): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  #bury(message: ModelMessage): void {
    this.remove(message);
    this.dead.push(message);
  }
}

async function run(fifo: boolean, steps: readonly Step[]): Promise<void> {
  const { sqs, send, receive, clock, createQueue } = await createTestSqs(
    fifo ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup' } : {},
  );
  const dead = await createQueue(fifo ? 'dead.fifo' : 'dead', fifo ? { FifoQueue: 'true' } : {});
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES });
  await sqs('SetQueueAttributes', { Attributes: { RedrivePolicy } });
  const model = new Model(fifo);
  let sent = 0;

  for (const action of steps) {
    const now = clock.now();
    switch (action.kind) {
      case 'send': {
        sent += 1;
        const place = fifo
          ? { MessageGroupId: action.group, MessageDeduplicationId: String(sent) }
          : { DelaySeconds: action.delay };
        const id = await send(`message ${sent}`, place);
        const visibleAt = fifo ? now : now + action.delay * 1000;
        model.messages.push({ id, group: action.group, visibleAt, receives: 0, handle: undefined });
        break;
      }
      case 'receive': {
        const received = await receive(action.most, { VisibilityTimeout: action.visibility });
        model.receive(received, action.most, now, action.visibility);
        break;
      }
      case 'delete':
      case 'change': {
        const held = model.messages.filter((message) => message.handle !== undefined && message.visibleAt > now);
        const message = held[action.pick % held.length];
        if (message === undefined) break;
        const { handle: ReceiptHandle } = message;
        if (action.kind === 'delete') {
          await sqs('DeleteMessage', { ReceiptHandle });
          model.remove(message);
        } else {
          await sqs('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: action.visibility });
          message.visibleAt = now + action.visibility * 1000;
        }
        break;
      }
      case 'advance':
        await clock.advance(action.seconds * 1000);
    }
  }

  // Nothing is lost: with time enough every message that was not deleted turns up, here or among the dead.
  const found: string[] = [];
  for (let round = 0; round < 50; round += 1) {
    await clock.advance(10_000);
    for (const url of [undefined, dead.url]) {
      for (const message of await receive(10, url === undefined ? {} : { QueueUrl: url })) {
        found.push(message.MessageId);
        await sqs('DeleteMessage', {
          ...(url !== undefined && { QueueUrl: url }),
          ReceiptHandle: message.ReceiptHandle,
        });
      }
    }
  }
  expect(found.sort()).toEqual([...model.messages, ...model.dead].map(({ id }) => id).sort());
}

test.each([
  ['a standard queue', false],
  ['a FIFO queue', true],
])('%s loses nothing, delivers nothing that is invisible, and counts right', async (_, fifo) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => run(fifo, steps)),
    { numRuns: 150 },
  );
});
