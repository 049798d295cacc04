import type { Json } from '../protocol.ts';
import type { Visit } from './branch.ts';

/** Returns the context object, `$$` and `$states.context`, as a state sees it (documented: "Accessing the context object"). */
export function contextObject(visit: Visit): Json {
  const { branch, state } = visit;
  const { identity, input } = branch;
  return {
    Execution: {
      Id: identity.executionArn,
      Input: input.value,
      Name: identity.name,
      RoleArn: identity.roleArn,
      StartTime: new Date(identity.startTime).toISOString(),
      RedriveCount: identity.redriveCount,
      ...(identity.redriveTime !== undefined && { RedriveTime: new Date(identity.redriveTime).toISOString() }),
    },
    StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    State: {
      Name: state.name,
      EnteredTime: new Date(visit.enteredAt).toISOString(),
      ...('retry' in state && { RetryCount: visit.retryCount }),
    },
    ...(branch.item && { Map: { Item: { Index: branch.item.index, Value: branch.item.value } } }),
    ...(visit.token !== undefined && { Task: { Token: visit.token } }),
  };
}
