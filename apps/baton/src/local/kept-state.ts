/**
 * What `baton local --keep FOLDER` brings over a restart: DynamoDB tables with their items, and state machines. Not kept are executions and what
 * waits for them (callbacks, messages, tokens), functions, hosts, logs and every other resource: workflows that are deployed at the start bring theirs
 * again. The platform's own table is left out, because its callbacks wait for executions that are no more.
 */
import type { LocalAws } from '@baton/local-aws';
import { names } from '@baton/local-platform';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CliError } from '../terminal.ts';

export const KEPT = 'DynamoDB tables with their items, and state machines';
export const NOT_KEPT = 'executions, callbacks, messages, functions, hosts and logs';

const SAVE_MILLISECONDS = 5_000;

const Members = z.record(z.string(), z.unknown());
const State = z.object({
  version: z.literal(1),
  tables: z.array(z.object({ create: Members, items: z.array(Members) })),
  machines: z.array(z.object({ name: z.string(), definition: z.string(), roleArn: z.string(), type: z.string() })),
});
type State = z.infer<typeof State>;

export interface KeptState {
  /** Saves for the last time, and ends the saving. */
  close(): Promise<void>;
}

/** Brings back what the folder has, and saves every five seconds from then on. @throws {CliError} for a folder that holds something else */
export async function keepState(aws: LocalAws, folder: string): Promise<KeptState> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'baton-local.json');
  await restore(aws, readState(file));
  let last = '';
  const save = async (): Promise<void> => {
    const text = JSON.stringify(await stateOf(aws));
    if (text === last) return;
    last = text;
    // Never half of it: the process may be killed at any time.
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  };
  let saving = Promise.resolve();
  const timer = setInterval(() => void (saving = saving.then(save)), SAVE_MILLISECONDS);
  return {
    async close() {
      clearInterval(timer);
      await saving;
      await save();
    },
  };
}

function readState(file: string): State {
  if (!existsSync(file)) return { version: 1, tables: [], machines: [] };
  try {
    return z.parse(State, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new CliError(`${file} is not what baton local has kept: ${(error as Error).message}`, 65);
  }
}

async function restore(aws: LocalAws, { tables, machines }: State): Promise<void> {
  const standing = await tableNames(aws);
  for (const { create, items } of tables) {
    const TableName = String(create['TableName']);
    if (!standing.includes(TableName)) await aws.call('dynamodb:CreateTable', create);
    for (const Item of items) await aws.call('dynamodb:PutItem', { TableName, Item });
  }
  const known = (await stateOfMachines(aws)).map(({ name }) => name);
  for (const machine of machines.filter(({ name }) => !known.includes(name))) {
    await aws.call('states:CreateStateMachine', machine);
  }
}

const stateOf = async (aws: LocalAws): Promise<State> => ({
  version: 1,
  tables: await Promise.all((await tableNames(aws)).map((name) => stateOfTable(aws, name))),
  machines: await stateOfMachines(aws),
});

const Names = z.object({ TableNames: z.array(z.string()) });

async function tableNames(aws: LocalAws): Promise<string[]> {
  return z.parse(Names, await aws.call('dynamodb:ListTables', {})).TableNames.filter((name) => name !== names.table);
}

const MEMBERS = ['TableName', 'AttributeDefinitions', 'KeySchema'];
const Indexes = z.array(z.looseObject({ IndexName: z.string(), KeySchema: z.unknown(), Projection: z.unknown() }));

async function stateOfTable(aws: LocalAws, TableName: string): Promise<State['tables'][number]> {
  const described = z.parse(
    z.object({ Table: Members }),
    await aws.call('dynamodb:DescribeTable', { TableName }),
  ).Table;
  const create: Record<string, unknown> = { BillingMode: 'PAY_PER_REQUEST' };
  for (const name of MEMBERS) create[name] = described[name];
  for (const kind of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']) {
    const indexes = z.safeParse(Indexes, described[kind]).data;
    if (indexes === undefined || indexes.length === 0) continue;
    create[kind] = indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  }
  const items: State['tables'][number]['items'] = [];
  let from: unknown;
  do {
    const page = await aws.call('dynamodb:Scan', { TableName, ...(from !== undefined && { ExclusiveStartKey: from }) });
    items.push(...z.parse(z.array(Members), page['Items'] ?? []));
    from = page['LastEvaluatedKey'];
  } while (from !== undefined);
  return { create, items };
}

const Machines = z.object({ stateMachines: z.array(z.looseObject({ stateMachineArn: z.string() })) });
const Machine = z.object({ name: z.string(), definition: z.string(), roleArn: z.string(), type: z.string() });

async function stateOfMachines(aws: LocalAws): Promise<State['machines']> {
  const { stateMachines } = z.parse(Machines, await aws.call('states:ListStateMachines', { maxResults: 1_000 }));
  return Promise.all(
    stateMachines.map(async ({ stateMachineArn }) =>
      z.parse(Machine, await aws.call('states:DescribeStateMachine', { stateMachineArn })),
    ),
  );
}
