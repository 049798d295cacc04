import type { TaskResource } from '../protocol.ts';

const LAMBDA = /^arn:[\w-]+:lambda:[\w-]*:\d*:function:.+$/;
const ACTIVITY = /^arn:[\w-]+:states:[\w-]*:\d*:activity:.+$/;
const INTEGRATION = /^arn:[\w-]+:states:([\w-]*):(\d*):(aws-sdk:\w+|\w+):(\w+)(?:\.(sync|sync:2|waitForTaskToken))?$/;

export interface ParsedResource {
  readonly resource: TaskResource;
  /** The part of an integration's ARN that the history shows, e.g. `sendMessage.waitForTaskToken`. */
  readonly text: string;
}

/** @returns undefined when the text is no ARN that a Task state can name */
export function parseResource(arn: string): ParsedResource | undefined {
  if (LAMBDA.test(arn)) return { resource: { kind: 'lambda', functionArn: arn }, text: arn };
  if (ACTIVITY.test(arn)) return { resource: { kind: 'activity', activityArn: arn }, text: arn };
  const match = INTEGRATION.exec(arn);
  if (!match) return undefined;
  const [, , , service, action, suffix] = match as unknown as [string, string, string, string, string, string?];
  const pattern = (suffix ?? 'requestResponse') as 'requestResponse' | 'sync' | 'sync:2' | 'waitForTaskToken';
  return {
    resource: { kind: 'integration', service, action, pattern },
    text: suffix === undefined ? action : `${action}.${suffix}`,
  };
}
