import { AwsError } from '../../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { integer, list, optional, required, structure, text } from '../../../kit/reader.ts';
import { isVersion, machineResource, readArn, unqualified } from '../arn.ts';
import { conflict, validation } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';
import type { Alias, Route, StateMachine, StateMachineStore } from '../run/state-machine-store.ts';
import { arn, listOf, pageMembers, toSeconds } from './members.ts';

const aliasName = required(text({ min: 1, max: 80, pattern: /^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$/ }));
const description = optional(text({ max: 256 }));
const routingConfiguration = list(
  structure({
    stateMachineVersionArn: required(text({ min: 1, max: 256 })),
    weight: required(integer({ min: 0, max: 100 })),
  }),
  { min: 1, max: 2 },
);

export function aliasActions(runtime: Runtime): Record<string, UnboundAction> {
  const { machines } = runtime;
  const evidence = 'documented';
  return {
    CreateStateMachineAlias: createAlias(runtime),
    UpdateStateMachineAlias: updateAlias(runtime),

    DeleteStateMachineAlias: action(
      { stateMachineAliasArn: arn },
      {
        resources: ({ stateMachineAliasArn }) => [machineResource(stateMachineAliasArn)],
        evidence,
        run({ stateMachineAliasArn }) {
          const machine = machines.byArn.get(unqualified(readArn(stateMachineAliasArn, 'stateMachine')));
          machine?.aliases.delete(stateMachineAliasArn);
          return {};
        },
      },
    ),

    DescribeStateMachineAlias: action(
      { stateMachineAliasArn: arn },
      {
        resources: ({ stateMachineAliasArn }) => [machineResource(stateMachineAliasArn)],
        evidence,
        run({ stateMachineAliasArn }) {
          const alias = find(machines, stateMachineAliasArn);
          return {
            stateMachineAliasArn: alias.arn,
            name: alias.name,
            ...(alias.description !== undefined && { description: alias.description }),
            routingConfiguration: alias.routes,
            creationDate: toSeconds(alias.creationDate),
            updateDate: toSeconds(alias.updateDate),
          };
        },
      },
    ),

    /** Of a machine, or of a version: those that route to it. */
    ListStateMachineAliases: action(
      { stateMachineArn: arn, ...pageMembers },
      {
        resources: ({ stateMachineArn }) => [machineResource(stateMachineArn)],
        evidence,
        run({ stateMachineArn, ...request }) {
          const { machine, version } = machines.resolve(stateMachineArn, 0);
          const aliases = [...machine.aliases.values()].filter(
            ({ routes }) => !version || routes.some((route) => route.stateMachineVersionArn === version.arn),
          );
          const { items, rest } = listOf(aliases, request);
          const stateMachineAliases = items.map((alias) => ({
            stateMachineAliasArn: alias.arn,
            creationDate: toSeconds(alias.creationDate),
          }));
          return { stateMachineAliases, ...rest };
        },
      },
    ),
  };
}

const createAlias = ({ world, machines }: Runtime): UnboundAction =>
  action(
    { name: aliasName, routingConfiguration: required(routingConfiguration), description },
    {
      resources: ({ routingConfiguration: routes }) => [
        ...new Set(routes.map(({ stateMachineVersionArn }) => machineResource(stateMachineVersionArn))),
      ],
      evidence: 'documented',
      run({ name, routingConfiguration: routes, description: described }) {
        const machine = checkRoutes(machines, routes);
        const aliasArn = `${machine.arn}:${name}`;
        const existing = machine.aliases.get(aliasArn);
        if (existing) {
          checkSame(existing, described, routes);
          return { stateMachineAliasArn: aliasArn, creationDate: toSeconds(existing.creationDate) };
        }
        const now = world.clock.now();
        const alias = { arn: aliasArn, name, creationDate: now, updateDate: now, description: described, routes };
        machine.aliases.set(aliasArn, alias);
        return { stateMachineAliasArn: aliasArn, creationDate: toSeconds(now) };
      },
    },
  );

const updateAlias = ({ world, machines }: Runtime): UnboundAction =>
  action(
    { stateMachineAliasArn: arn, description, routingConfiguration: optional(routingConfiguration) },
    {
      resources: ({ stateMachineAliasArn }) => [machineResource(stateMachineAliasArn)],
      evidence: 'documented',
      run({ stateMachineAliasArn, description: described, routingConfiguration: routes }) {
        const alias = find(machines, stateMachineAliasArn);
        if (routes) {
          checkRoutes(machines, routes);
          alias.routes = routes;
        }
        if (described !== undefined) alias.description = described;
        alias.updateDate = world.clock.now();
        return { updateDate: toSeconds(alias.updateDate) };
      },
    },
  );

/** @throws {AwsError} InvalidArn, ResourceNotFound */
function find(machines: StateMachineStore, aliasArn: string): Alias {
  const machine = machines.byArn.get(unqualified(readArn(aliasArn, 'stateMachine')));
  const alias = machine?.aliases.get(aliasArn);
  if (alias === undefined) throw noSuchResource();
  return alias;
}

/** The machine whose versions these are. @throws {AwsError} ValidationException, ResourceNotFound */
function checkRoutes(machines: StateMachineStore, routes: readonly Route[]): StateMachine {
  const versions = routes.map((route) => route.stateMachineVersionArn);
  const received = `Received: [${versions.join(', ')}]`;
  const arns = versions.map((version) => readArn(version, 'stateMachine'));
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
  const [machineArn, ...others] = new Set(arns.map(unqualified));
  if (others.length > 0) {
    throw validation(`Routing configuration must contain versions of the same state machine. ${received}`);
  }
  const machine = machineArn === undefined ? undefined : machines.byArn.get(machineArn);
  if (!machine || !versions.every((version) => machine.versions.has(version))) throw noSuchResource();
  return machine;
}

/** @throws {AwsError} ConflictException */
function checkSame(alias: Alias, wanted: string | undefined, routes: readonly Route[]): void {
  if (alias.description === wanted && JSON.stringify(alias.routes) === JSON.stringify(routes)) return;
  const existing = 'an alias with the same name and a different routing configuration already exists.';
  throw conflict(`Failed to create alias because ${existing}`);
}

const noSuchResource = (): AwsError =>
  new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
