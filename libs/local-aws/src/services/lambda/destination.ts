import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';

/** Sends the result of an Event invocation to the function's destination, as the function's role. @throws {AwsError} the target's refusal */
export async function deliver(
  world: World,
  caller: Caller,
  functionArn: string,
  target: string,
  body: string,
  outcome: 'Success' | 'Failure',
): Promise<JsonObject> {
  const [, , service, , account, ...rest] = target.split(':');
  const name = rest.join(':');
  switch (service) {
    case 'sqs': {
      const { QueueUrl } = await world.call(caller, 'sqs:GetQueueUrl', {
        QueueName: name,
        QueueOwnerAWSAccountId: account,
      });
      return world.call(caller, 'sqs:SendMessage', { QueueUrl, MessageBody: body });
    }
    case 'sns':
      return world.call(caller, 'sns:Publish', { TopicArn: target, Message: body });
    case 'lambda':
      return world.call(caller, 'lambda:Invoke', { FunctionName: target, InvocationType: 'Event', Payload: body });
    case 'events': {
      const entry = {
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${outcome}`,
        Detail: body,
        Resources: [`${functionArn}:$LATEST`, target],
        EventBusName: name.replace('event-bus/', ''),
      };
      return world.call(caller, 'events:PutEvents', { Entries: [entry] });
    }
    default:
      throw new AwsError('InvalidParameterValueException', `${target} is no queue, topic, function or event bus`);
  }
}
