import type { Clock, Millis } from '../../kernel/clock/clock.ts';
import { TimerQueue } from '../../kernel/clock/timer-queue.ts';
import type { Unkindness } from '../../kernel/unkindness.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { Deduplication } from '../../kit/deduplication.ts';
import { noteReceipt, parseReceiptHandle, type Delivery } from './delivery.ts';
import { createMessage, deduplicationKey, newArrival, type Arrival, type Letter, type Message } from './message.ts';
import { Polls } from './polls.ts';
import type { QueueSettings } from './queue-settings.ts';
import { invalidParameter } from './refusals.ts';
import { FifoOrder, StandardOrder, type VisibleMessages } from './visible-messages.ts';

/** What a queue needs from the registry that it is in. */
export interface QueueHost {
  readonly clock: Clock;
  uuid(): string;
  readonly unkindness?: Unkindness | undefined;
  /** Tells the listeners that there are visible messages which no poll took. */
  announce(queue: Queue): void;
  /** The queue with this ARN, if it exists. */
  find(queueArn: string): Queue | undefined;
}

/** From the receipt on. [documented: API Reference, "ChangeMessageVisibility"] */
const MAX_INVISIBILITY: Millis = 43_200_000;

/**
 * One queue and its messages. A message is delayed, visible, in flight or gone; every operation costs O(log n) at most.
 *
 * Q1 Only a visible message is delivered, and it is invisible until its timeout ends, unless it is deleted or its
 *    visibility is changed with the handle of its latest receipt.
 * Q2 A message leaves by deletion, by the end of its retention, by a purge, or by a move to another queue; by nothing else.
 * Q3 A message received maxReceiveCount times is moved to the dead-letter queue when it would be received once more.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Millis;
  readonly tags = new Map<string, string>();
  readonly counts = { delayed: 0, visible: 0, 'in flight': 0 };
  settings: QueueSettings;
  modifiedAt: Millis;
  purgedAt = -Infinity;

  readonly #host: QueueHost;
  readonly #deduplication = new Deduplication<Message>();
  readonly #messages = new Map<string, Message>();
  readonly #visible: VisibleMessages;
  readonly #polls: Polls;
  #retention = new TimerQueue();
  #place = 0;

  constructor(host: QueueHost, name: string, arn: string, settings: QueueSettings) {
    this.#host = host;
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.createdAt = this.modifiedAt = host.clock.now();
    this.#polls = new Polls(host.clock);
    this.#visible = settings.fifo ? new FifoOrder() : new StandardOrder();
  }

  /**
   * Takes a new message in. It is delivered with the next `handOver`, so that a batch arrives as one.
   * @returns the first message where this one is a duplicate of it
   */
  send(letter: Letter, delay: Millis): Message {
    const sentAt = this.#host.clock.now();
    const key = deduplicationKey(letter, this.settings);
    const first = key === undefined ? undefined : this.#deduplication.find(key, sentAt);
    if (first !== undefined) return first;
    const lag = (!this.settings.fifo && this.#host.unkindness?.messageLag()) || 0;
    const message = this.#admit(newArrival(letter, this.#host.uuid(), sentAt), delay + lag);
    if (key !== undefined) this.#deduplication.remember(key, message, sentAt);
    return message;
  }

  /** Takes in the letter of a message that another queue gave up, as a new message and even if it is a duplicate. */
  adopt(letter: Letter): void {
    this.#admit(newArrival(letter, this.#host.uuid(), this.#host.clock.now()), 0);
    this.handOver();
  }

  /** Receives at once, or waits up to `wait` for the first visible message. */
  receive(max: number, visibilityTimeout: Millis, wait: Millis): Delivery[] | Promise<Delivery[]> {
    const take = () => this.#take(max, visibilityTimeout);
    const deliveries = take();
    return deliveries.length > 0 || wait === 0 ? deliveries : this.#polls.wait(take, wait);
  }

  /** Gives visible messages to the waiting polls, the oldest first, and announces what is left. */
  handOver(): void {
    this.#polls.serve();
    if (this.counts.visible > 0) this.#host.announce(this);
  }

  /**
   * Deletes the message whose latest receipt this is. A standard queue accepts an outdated handle and deletes nothing; a
   * FIFO queue refuses the handle of a message that is no longer in flight. [documented: API Reference, "DeleteMessage"]
   */
  delete(handle: string): void {
    const message = this.#received(handle);
    if (message === undefined) return;
    if (this.settings.fifo && message.state !== 'in flight') {
      throw invalidParameter('ReceiptHandle', handle, 'The receipt handle has expired.');
    }
    this.#remove(message);
    this.handOver();
  }

  changeVisibility(handle: string, timeout: Millis): void {
    const message = this.#received(handle);
    if (message === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidParameter('ReceiptHandle', handle, reason);
    }
    if (message.state !== 'in flight') {
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
    }
    const now = this.#host.clock.now();
    if (now + timeout > message.receivedAt + MAX_INVISIBILITY) {
      const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
      throw invalidParameter('VisibilityTimeout', timeout / 1000, reason);
    }
    message.appears?.cancel();
    this.#hide(message, timeout);
    this.handOver();
  }

  /** Applies new settings. A new retention period holds for the messages that are there too. */
  configure(settings: QueueSettings): void {
    const retentionChanged = settings.retention !== this.settings.retention;
    this.settings = settings;
    this.modifiedAt = this.#host.clock.now();
    if (!retentionChanged) return;
    this.#retention = new TimerQueue();
    for (const message of this.#messages.values()) this.#retain(message);
  }

  /** Removes the messages whose retention period is over. It is called whenever somebody looks, so that it needs no timer. */
  expire(): void {
    this.#retention.fireDue(this.#host.clock.now());
  }

  purge(): void {
    for (const message of [...this.#messages.values()]) this.#remove(message);
  }

  /** Ends timers and waiting polls. */
  close(): void {
    this.purge();
    this.#polls.close();
  }

  /** Takes the next visible message out of the queue, however often it was received. */
  remove(): Message | undefined {
    const [message] = this.#visible.take(1, () => true);
    if (message === undefined) return undefined;
    this.#enter(message, 'in flight');
    this.#remove(message);
    return message;
  }

  #take(max: number, visibilityTimeout: Millis): Delivery[] {
    this.expire();
    const now = this.#host.clock.now();
    const messages = this.#visible.take(max, (message) => !this.#giveUp(message));
    const deliveries = messages.map((message) => noteReceipt(message, this.arn, now));
    for (const message of messages) {
      this.#enter(message, 'in flight');
      const again = this.settings.fifo ? undefined : this.#host.unkindness?.redelivery();
      this.#hide(message, Math.min(again ?? visibilityTimeout, visibilityTimeout));
    }
    return deliveries;
  }

  /** Moves the message to the dead-letter queue if it was received as often as it may be. @returns whether it did */
  #giveUp(message: Message): boolean {
    const { redrive } = this.settings;
    if (redrive === undefined || message.receivesHere < redrive.maxReceiveCount) return false;
    const deadLetterQueue = this.#host.find(redrive.deadLetterTargetArn);
    if (deadLetterQueue === undefined) return false;
    this.#remove(message);
    // A standard queue keeps the time of sending, so that the retention goes on; a FIFO queue starts it anew. [documented:
    // Developer Guide, "Using dead-letter queues"]
    const sentAt = deadLetterQueue.settings.fifo ? this.#host.clock.now() : message.sentAt;
    const { letter, id, receiveCount, firstReceivedAt } = message;
    deadLetterQueue.#admit({ letter, id, sentAt, receiveCount, firstReceivedAt, deadLetterSourceArn: this.arn }, 0);
    deadLetterQueue.handOver();
    return true;
  }

  #admit(arrival: Arrival, delay: Millis): Message {
    const message = createMessage(arrival, ++this.#place);
    this.counts.delayed += 1;
    this.#messages.set(message.id, message);
    this.#retain(message);
    this.#hide(message, delay);
    return message;
  }

  /** Keeps a message that is delayed or in flight invisible for `duration`. */
  #hide(message: Message, duration: Millis): void {
    if (duration === 0) {
      this.#appear(message);
      return;
    }
    message.appears = this.#host.clock.at(this.#host.clock.now() + duration, () => {
      this.#appear(message);
      this.handOver();
    });
  }

  #appear(message: Message): void {
    if (message.state === 'in flight') this.#visible.settle(message);
    this.#enter(message, 'visible');
    this.#visible.put(message);
  }

  #retain(message: Message): void {
    message.expires = this.#retention.add(message.sentAt + this.settings.retention, () => this.#remove(message));
  }

  #remove(message: Message): void {
    const wasInFlight = message.state === 'in flight';
    this.#enter(message, 'gone');
    this.#messages.delete(message.id);
    message.appears?.cancel();
    message.expires?.cancel();
    if (wasInFlight) this.#visible.settle(message);
  }

  #enter(message: Message, state: Message['state']): void {
    if (message.state !== 'gone') this.counts[message.state] -= 1;
    if (state !== 'gone') this.counts[state] += 1;
    message.state = state;
  }

  /** The message whose latest receipt this is. @throws {AwsError} ReceiptHandleIsInvalid */
  #received(handle: string): Message | undefined {
    const { messageId, receiveCount } = parseReceiptHandle(handle, this.arn);
    this.expire();
    const message = this.#messages.get(messageId);
    return message?.receiveCount === receiveCount ? message : undefined;
  }
}
