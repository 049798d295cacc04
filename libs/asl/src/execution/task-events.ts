import type { TaskState } from '../definition/state-machine.ts';
import { inputDetails } from '../history.ts';
import type { Json } from '../protocol.ts';

type Details = Readonly<Record<string, unknown>>;

/** How the history shows a kind of task: the prefix of its event types, and their details. */
interface TaskEvents {
  readonly prefix: 'LambdaFunction' | 'Activity' | 'Task';
  /** Part of every event's details. */
  readonly common: Details;
  /** Returns the name of the details of a phase's event; undefined when it has none. */
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

/** Returns Credentials in the shape of the API model, which writes `roleArn`. */
function taskCredentials(credentials: Json): Details {
  const { RoleArn } = credentials as { RoleArn?: Json };
  return { roleArn: RoleArn };
}
