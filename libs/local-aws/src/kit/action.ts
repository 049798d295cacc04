import type { Action, Caller, Evidence, JsonObject } from '../kernel/service.ts';
import { read, type Dialect, type Members, type Shape } from './reader.ts';

/** What an action does with the members that its shape has read. */
export interface ActionDefinition<S extends Shape> {
  /** The ARNs that a request names, as IAM sees them; left out where the action knows no resources (`*`). */
  readonly resources?: (request: NoInfer<Members<S>>, caller: Caller) => readonly string[];
  readonly evidence: Evidence;
  /** It waits for something to happen: the manual clock may move on meanwhile. */
  readonly longPoll?: boolean;
  /** @throws {AwsError} to refuse */
  readonly run: (request: NoInfer<Members<S>>, caller: Caller) => JsonObject | Promise<JsonObject>;
}

/** An action that still needs its service's dialect. */
export type UnboundAction = (dialect: Dialect) => Action;

const ANY_RESOURCE: readonly string[] = ['*'];

/**
 * An API action: the members that it reads (others are dropped), the resources that they name, its evidence, and what it does.
 * The shape is a parameter of its own so that TypeScript knows the members' types in the others.
 */
export const action =
  <S extends Shape>(shape: S, definition: ActionDefinition<S>): UnboundAction =>
  (dialect) => ({
    evidence: definition.evidence,
    longPoll: definition.longPoll ?? false,
    prepare(input, caller) {
      const request = read(dialect, shape, input);
      return {
        resources: definition.resources?.(request, caller) ?? ANY_RESOURCE,
        run: () => definition.run(request, caller),
      };
    },
  });

/** The actions of a service, in its dialect. */
export const actionsIn = (
  dialect: Dialect,
  actions: Readonly<Record<string, UnboundAction>>,
): Readonly<Record<string, Action>> =>
  Object.fromEntries(Object.entries(actions).map(([name, unbound]) => [name, unbound(dialect)]));
