import { strToU8, zipSync } from 'fflate';
import { handlerOf, letSleep, SLEEPS } from './functions.ts';
import { resolve, ROLE, type Resource, type Stage, type Values } from './scenario.ts';

/** Creates the resources of a scenario, and sets the placeholders that name them. */
export async function createResources(aws: Stage, resources: readonly Resource[], values: Values): Promise<void> {
  for (const [index, resource] of resources.entries()) {
    const create = CREATORS[resource.type];
    if (create === undefined) throw new Error(`Local AWS has no ${resource.type}`);
    const attributes = await create(aws, resolve(resource, values) as Resource, `${resource.type}-${index}`);
    for (const [name, value] of Object.entries(attributes)) values.set(`{{${resource.id}.${name}}}`, value);
  }
}

type Creator = (aws: Stage, resource: Resource, name: string) => Promise<Record<string, string>>;

const CREATORS: Readonly<Record<string, Creator>> = {
  async sqsQueue(aws, _, name) {
    const { QueueUrl: url } = await aws.call('sqs:CreateQueue', { QueueName: name });
    const input = { QueueUrl: url, AttributeNames: ['QueueArn'] };
    const { Attributes } = await aws.call('sqs:GetQueueAttributes', input);
    return { url: url as string, name, arn: (Attributes as { QueueArn: string }).QueueArn };
  },
  async snsTopic(aws, { attributes }, base) {
    const isFifo = Boolean((attributes as Record<string, string> | null)?.['FifoTopic']);
    const name = isFifo ? `${base}.fifo` : base;
    const { TopicArn } = await aws.call('sns:CreateTopic', { Name: name, Attributes: attributes ?? {} });
    return { arn: TopicArn as string, name };
  },
  async snsSubscription(aws, { topicArn, protocol, endpoint }) {
    await aws.call('sns:Subscribe', { TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint });
    return {};
  },
  async dynamodbTable(aws, { partitionKey }, name) {
    await aws.call('dynamodb:CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    });
    return { name };
  },
  async activity(aws, _, name) {
    const { activityArn } = await aws.call('states:CreateActivity', { name });
    return { arn: activityArn as string, name };
  },
  async lambda(aws, { behaviour }, name) {
    const { FunctionArn } = await aws.call('lambda:CreateFunction', {
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'handler.handler',
      Code: { ZipFile: zipSync({ 'handler.mjs': strToU8(handlerOf(behaviour as string)) }) },
      Timeout: 120,
    });
    const sleeps = SLEEPS[behaviour as string];
    if (sleeps !== undefined) letSleep(aws, name, sleeps);
    return { arn: FunctionArn as string, name };
  },
};
