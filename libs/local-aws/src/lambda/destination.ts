import { AwsError } from '../aws-error.ts';
import type { JsonObject, World } from '../service.ts';

/** Sends what came of an Event invocation to where its function says. @throws {AwsError} what the target refuses with */
export async function deliver(
  world: World,
  functionArn: string,
  target: string,
  body: string,
  outcome: 'Success' | 'Failure',
): Promise<JsonObject> {
  const [, , service, , account, ...rest] = target.split(':');
  const name = rest.join(':');
  switch (service) {
    case 'sqs': {
      const { QueueUrl } = await world.call('sqs', 'GetQueueUrl', { QueueName: name, QueueOwnerAWSAccountId: account });
      return world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body });
    }
    case 'sns':
      return world.call('sns', 'Publish', { TopicArn: target, Message: body });
    case 'lambda':
      return world.call('lambda', 'Invoke', { FunctionName: target, InvocationType: 'Event', Payload: body });
    case 'events': {
      const entry = {
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${outcome}`,
        Detail: body,
        Resources: [`${functionArn}:$LATEST`, target],
        EventBusName: name.replace('event-bus/', ''),
      };
      return world.call('events', 'PutEvents', { Entries: [entry] });
    }
    default:
      throw new AwsError('InvalidParameterValueException', `${target} is no queue, topic, function or event bus`);
  }
}
