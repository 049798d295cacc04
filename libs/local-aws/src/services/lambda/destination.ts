import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject, World } from '../../kernel/service.ts';
import { parseArn, queueUrlOf } from '../../kit/arn.ts';

/** Sends the result of an Event invocation to the function's destination, as the function's role. @throws {AwsError} what the target refuses with */
export async function deliver(
  world: World,
  caller: Caller,
  functionArn: string,
  target: string,
  body: string,
  outcome: 'Success' | 'Failure',
): Promise<JsonObject> {
  const arn = parseArn(target);
  switch (arn?.service) {
    case 'sqs':
      return world.call(caller, 'sqs:SendMessage', { QueueUrl: queueUrlOf(target), MessageBody: body });
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
        EventBusName: arn.resource.replace('event-bus/', ''),
      };
      return world.call(caller, 'events:PutEvents', { Entries: [entry] });
    }
    default:
      throw new AwsError('InvalidParameterValueException', `${target} is not a queue, topic, function or event bus`);
  }
}
