import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { World } from '../../../kernel/service.ts';
import { isVersion, parseArn, unqualified } from './arn.ts';
import { pageOf } from './pages.ts';
import { conflict, validation } from './refusals.ts';
import { arn, list, number, optional, pageMembers, readRequest, required, structure, text } from './request.ts';
import { toSeconds } from './seconds.ts';
import type { Alias, Route, StateMachine, StateMachineStore } from '../run/state-machine-store.ts';

const description = optional(text({ max: 256 }));
const routingConfiguration = list(
  structure({
    stateMachineVersionArn: required(text({ min: 1, max: 256 })),
    weight: required(number({ min: 0, max: 100 })),
  }),
  { min: 1, max: 2 },
);

export function createAliasActions(world: World, store: StateMachineStore): Record<string, Action> {
  const find = (text: string): { machine: StateMachine; alias: Alias } => {
    const machine = store.byArn.get(unqualified(parseArn(text, 'stateMachine')));
    const alias = machine?.aliases.get(text);
    if (machine === undefined || alias === undefined) throw noSuchResource();
    return { machine, alias };
  };

  /** @throws {AwsError} ValidationException, ResourceNotFound */
  const checkRoutes = (routes: readonly Route[]): StateMachine => {
    const versions = routes.map((route) => route.stateMachineVersionArn);
    const received = `Received: [${versions.join(', ')}]`;
    const arns = versions.map((version) => parseArn(version, 'stateMachine'));
    if (arns.some(({ qualifier }) => qualifier === undefined || !isVersion(qualifier))) {
      throw validation(`Routing configuration must contain state machine version ARNs. ${received}`);
    }
    if (new Set(versions).size < versions.length) {
      throw validation(`Routing configuration must contain distinct state machine version ARNs. ${received}`);
    }
    const weights = routes.map(({ weight }) => weight);
    if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
      throw validation(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
    }
    const machines = new Set(arns.map(unqualified));
    if (machines.size > 1) {
      throw validation(`Routing configuration must contain versions of the same state machine. ${received}`);
    }
    const machine = store.byArn.get([...machines][0] as string);
    if (!machine || !versions.every((version) => machine.versions.has(version))) throw noSuchResource();
    return machine;
  };

  return {
    CreateStateMachineAlias(input) {
      const request = readRequest(input, {
        name: required(text({ min: 1, max: 80, pattern: /^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$/ })),
        routingConfiguration: required(routingConfiguration),
        description,
      });
      const machine = checkRoutes(request.routingConfiguration);
      const aliasArn = `${machine.arn}:${request.name}`;
      const existing = machine.aliases.get(aliasArn);
      if (existing) {
        checkSame(existing, request.description, request.routingConfiguration);
        return { stateMachineAliasArn: aliasArn, creationDate: toSeconds(existing.creationDate) };
      }
      const now = world.clock.now();
      machine.aliases.set(aliasArn, {
        arn: aliasArn,
        name: request.name,
        creationDate: now,
        updateDate: now,
        description: request.description,
        routes: request.routingConfiguration,
      });
      return { stateMachineAliasArn: aliasArn, creationDate: toSeconds(now) };
    },

    UpdateStateMachineAlias(input) {
      const request = readRequest(input, {
        stateMachineAliasArn: arn,
        description,
        routingConfiguration: optional(routingConfiguration),
      });
      const { alias } = find(request.stateMachineAliasArn);
      if (request.routingConfiguration) {
        checkRoutes(request.routingConfiguration);
        alias.routes = request.routingConfiguration;
      }
      if (request.description !== undefined) alias.description = request.description;
      alias.updateDate = world.clock.now();
      return { updateDate: toSeconds(alias.updateDate) };
    },

    DeleteStateMachineAlias(input) {
      const { stateMachineAliasArn } = readRequest(input, { stateMachineAliasArn: arn });
      const machine = store.byArn.get(unqualified(parseArn(stateMachineAliasArn, 'stateMachine')));
      machine?.aliases.delete(stateMachineAliasArn);
      return {};
    },

    DescribeStateMachineAlias(input) {
      const { alias } = find(readRequest(input, { stateMachineAliasArn: arn }).stateMachineAliasArn);
      return {
        stateMachineAliasArn: alias.arn,
        name: alias.name,
        ...(alias.description !== undefined && { description: alias.description }),
        routingConfiguration: alias.routes,
        creationDate: toSeconds(alias.creationDate),
        updateDate: toSeconds(alias.updateDate),
      };
    },

    /** Of a machine, or of a version: those that route to it. */
    ListStateMachineAliases(input) {
      const { stateMachineArn, ...request } = readRequest(input, { stateMachineArn: arn, ...pageMembers });
      const { machine, version } = store.resolve(stateMachineArn, 0);
      const aliases = [...machine.aliases.values()].filter(
        ({ routes }) => !version || routes.some((route) => route.stateMachineVersionArn === version.arn),
      );
      const { items, ...rest } = pageOf(aliases, request);
      const stateMachineAliases = items.map((alias) => ({
        stateMachineAliasArn: alias.arn,
        creationDate: toSeconds(alias.creationDate),
      }));
      return { stateMachineAliases, ...rest };
    },
  };
}

function checkSame(alias: Alias, wanted: string | undefined, routes: readonly Route[]): void {
  if (alias.description === wanted && JSON.stringify(alias.routes) === JSON.stringify(routes)) return;
  const existing = 'an alias with the same name and a different routing configuration already exists.';
  throw conflict(`Failed to create alias because ${existing}`);
}

const noSuchResource = (): AwsError =>
  new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
