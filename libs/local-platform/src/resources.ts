/**
 * The resources that the platform and the examples are made of: each is created in one place, with the API calls that Terraform makes. Names
 * are full names.
 */
import type { LocalAws } from '@baton/local-aws';

export interface QueueSpec {
  readonly visibilityTimeoutSeconds?: number | undefined;
  readonly messageRetentionSeconds?: number | undefined;
  /** The queue for messages that were received `maxReceiveCount` times and not deleted. */
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number } | undefined;
}

export interface FunctionSpec {
  readonly roleName: string;
  readonly handler: string;
  readonly zip: Uint8Array;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Key {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}
export interface Keys {
  readonly partitionKey: Key;
  readonly sortKey?: Key;
}

export const queueArn = ({ world }: LocalAws, name: string): string =>
  `arn:aws:sqs:${world.region}:${world.accountId}:${name}`;

export const roleArn = ({ world }: LocalAws, name: string): string => `arn:aws:iam::${world.accountId}:role/${name}`;

/** @returns the queue's URL */
export async function createQueue(aws: LocalAws, name: string, spec: QueueSpec = {}): Promise<string> {
  const { visibilityTimeoutSeconds, messageRetentionSeconds, redrive } = spec;
  const { QueueUrl } = await aws.call('sqs:CreateQueue', {
    QueueName: name,
    Attributes: {
      // Terraform's provider takes no more.
      MaximumMessageSize: '262144',
      ...(visibilityTimeoutSeconds !== undefined && { VisibilityTimeout: String(visibilityTimeoutSeconds) }),
      ...(messageRetentionSeconds !== undefined && { MessageRetentionPeriod: String(messageRetentionSeconds) }),
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: redrive.deadLetterQueueArn,
          maxReceiveCount: redrive.maxReceiveCount,
        }),
      }),
    },
  });
  return String(QueueUrl);
}

/** Creates a function and its log group. @returns the function's ARN */
export async function createFunction(aws: LocalAws, name: string, spec: FunctionSpec): Promise<string> {
  await aws.call('logs:CreateLogGroup', { logGroupName: `/aws/lambda/${name}` });
  const { FunctionArn } = await aws.call('lambda:CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Architectures: ['arm64'],
    Role: roleArn(aws, spec.roleName),
    Handler: spec.handler,
    Code: { ZipFile: spec.zip },
    MemorySize: spec.memoryMegabytes,
    Timeout: spec.timeoutSeconds,
    Environment: { Variables: spec.environment },
  });
  return String(FunctionArn);
}

/** Gives a queue's messages to a function, which returns those that have to come again (ReportBatchItemFailures). */
export async function mapQueue(
  aws: LocalAws,
  {
    queue,
    functionName,
    batchSize,
    maximumConcurrency,
  }: { queue: string; functionName: string; batchSize: number; maximumConcurrency?: number | undefined },
): Promise<void> {
  await aws.call('lambda:CreateEventSourceMapping', {
    FunctionName: functionName,
    EventSourceArn: queueArn(aws, queue),
    BatchSize: batchSize,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  });
}

/** Indexes hold the keys alone. */
export async function createTable(
  aws: LocalAws,
  TableName: string,
  { indexes = {}, ...table }: Keys & { readonly indexes?: Readonly<Record<string, Keys>> },
): Promise<void> {
  const attributes = [table, ...Object.values(indexes)].flatMap(keysOf);
  await aws.call('dynamodb:CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(table),
    AttributeDefinitions: [...new Map(attributes.map((key) => [key.name, key])).values()].map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    ...(Object.keys(indexes).length > 0 && {
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  });
}

const keysOf = ({ partitionKey, sortKey }: Keys): Key[] => [partitionKey, ...(sortKey ? [sortKey] : [])];
const keySchema = (keys: Keys) =>
  keysOf(keys).map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

/** @returns the topic's ARN */
export const createTopic = async (aws: LocalAws, Name: string): Promise<string> =>
  String((await aws.call('sns:CreateTopic', { Name }))['TopicArn']);

/**
 * Subscribes an address to a topic, and confirms it by the link in the mail, because nobody is there to do it. With `onlyOwn` the address gets
 * only the notices that are addressed to it, as approvers do.
 */
export async function subscribeEmail(
  aws: LocalAws,
  { topicArn: TopicArn, email, onlyOwn = false }: { topicArn: string; email: string; onlyOwn?: boolean },
): Promise<void> {
  const Attributes = onlyOwn ? { FilterPolicy: JSON.stringify({ email: [email] }) } : {};
  await aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint: email, Attributes });
  const mail = aws.sns.outbox.findLast(({ to, topicArn }) => to === email && topicArn === TopicArn);
  await aws.call('sns:ConfirmSubscription', {
    TopicArn,
    Token: new URL(String(mail?.confirmUrl)).searchParams.get('Token'),
    // A scanner that follows every link of a mail cannot end the subscription.
    AuthenticateOnUnsubscribe: 'true',
  });
}
