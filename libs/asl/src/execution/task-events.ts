import type { TaskState } from '../definition/state-machine.ts';
import { inputDetails } from '../history.ts';
import type { Json } from '../protocol.ts';

type Details = Readonly<Record<string, unknown>>;

/** How the history writes the attempts of a kind of task: the event types' beginning and their details. */
interface TaskEvents {
  readonly prefix: 'LambdaFunction' | 'Activity' | 'Task';
  /** Part of the details of every event. */
  readonly common: Details;
  /** The name of a phase's details; undefined where the event has none. */
  details(phase: string): `${string}EventDetails` | undefined;
  scheduled(parameters: string, region: string, credentials: Json | undefined): Details;
}

export function taskEvents({ resource, resourceText }: TaskState): TaskEvents {
  switch (resource.kind) {
    case 'lambda':
      return {
        prefix: 'LambdaFunction',
        common: {},
        details: (phase) => (phase === 'Started' ? undefined : `lambdaFunction${phase}EventDetails`),
        scheduled: (parameters, _region, credentials) => ({
          resource: resource.functionArn,
          ...inputDetails(parameters),
          ...(credentials !== undefined && { taskCredentials: taskCredentials(credentials) }),
        }),
      };
    case 'activity':
      return {
        prefix: 'Activity',
        common: {},
        details: (phase) => `activity${phase}EventDetails`,
        scheduled: (parameters) => ({ resource: resource.activityArn, ...inputDetails(parameters) }),
      };
    case 'integration':
      return {
        prefix: 'Task',
        common: { resourceType: resource.service, resource: resourceText },
        details: (phase) => `task${phase}EventDetails`,
        scheduled: (parameters, region, credentials) => ({
          region,
          parameters,
          ...(credentials !== undefined && { taskCredentials: taskCredentials(credentials) }),
        }),
      };
  }
}

/** `Credentials.RoleArn` under the name that the API model gives it. */
function taskCredentials(credentials: Json): Details {
  const { RoleArn } = credentials as { RoleArn?: Json };
  return { roleArn: RoleArn };
}
