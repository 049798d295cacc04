/** `baton callbacks ...`: look at callbacks and settle them by hand, on AWS and on the local platform alike. */
import {
  type Callback,
  FailureName,
  failure,
  listCallbacks,
  type ListFilter,
  type Outcome,
  settleByHand,
  showCallback,
  WORK_KINDS,
} from '@baton/token-lib';
import type { OperatorConnection } from '@baton/token-lib/aws';
import { type Command, Option } from 'commander';
import * as parse from '../callbacks/arguments.ts';
import { lifeText } from '../callbacks/life-text.ts';
import { listText } from '../callbacks/list-text.ts';
import { troubleOf } from '../callbacks/trouble.ts';
import { useRunningPlatform } from '../local/running-platform.ts';
import { whoActs } from '../callbacks/who-acts.ts';
import { CliError, type Terminal } from '../terminal.ts';

interface ConnectionOptions {
  readonly table: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
}

interface SettleOptions extends ConnectionOptions {
  readonly reason: string;
  readonly as?: string;
}

interface ListOptions extends ConnectionOptions {
  readonly state?: NonNullable<ListFilter['state']>;
  readonly execution?: string;
  readonly work?: NonNullable<ListFilter['work']>;
  readonly host?: string;
  readonly olderThan?: number;
}

/** Gives the command its own commands. */
export function registerCallbacks(callbacks: Command, terminal: Terminal): void {
  connected(callbacks.command('list').description('open callbacks, the oldest first'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(['Stored', 'Dispatched', 'Settling']))
    .option('--execution <arn>', 'only those of this execution: its ARN, or its name', parse.parseExecution)
    .addOption(new Option('--work <kind>', 'only work of this kind').choices(WORK_KINDS))
    .option('--host <instance-id>', 'only those bound to this host', parse.parseHost)
    .option('--older-than <age>', 'only those older than this, e.g. 90s, 15m, 2h, 1d', parse.parseOlderThan)
    .action((options: ListOptions) => list(options, terminal));

  connected(callbacks.command('show').description('the whole life of one callback'))
    .argument('<id>', 'the callback id', parse.parseCallbackId)
    .action((id: string, options: ConnectionOptions) => show(id, options, terminal));

  settling(callbacks.command('succeed').description('end the task with an output'))
    .requiredOption('--output <json>', 'the output as JSON, or @file')
    .action((id: string, options: SettleOptions & { output: string }) =>
      settleWith(id, options, parse.parseOutput(options.output, userFolder), terminal),
    );

  settling(callbacks.command('fail').description('fail the task'))
    .requiredOption('--error <name>', 'the error name, as Retry and Catch match it')
    .requiredOption('--cause <text>', 'what happened')
    .action((id: string, options: SettleOptions & { error: string; cause: string }) =>
      settleWith(id, options, parse.parseFailure(options.error, options.cause), terminal),
    );

  settling(
    callbacks.command('stop').description(`fail the task with ${FailureName.stoppedByOperator} and stop its job`),
  ).action((id: string, options: SettleOptions) =>
    settleWith(
      id,
      options,
      (who) => failure(FailureName.stoppedByOperator, `stopped by ${who}: ${options.reason}`),
      terminal,
    ),
  );
}

const connected = (command: Command): Command =>
  command
    .option('--table <name>', "the platform's table", parse.parseTable, 'baton-callbacks')
    .option('--region <region>', 'AWS region (default: as the AWS CLI finds it)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--endpoint <url>', 'another endpoint than AWS (default: AWS_ENDPOINT_URL)', parse.parseEndpoint)
    .option('--json', 'for scripts');

const settling = (command: Command): Command =>
  connected(command)
    .argument('<id>', 'the callback id', parse.parseCallbackId)
    .requiredOption('--reason <text>', 'why; kept with the outcome', parse.parseReason)
    .option('--as <name>', 'who you are (default: your user at this machine)', parse.parseWho);

/** The folder in which the user typed the command: `npm run` changes the working directory and keeps the former in INIT_CWD. */
const userFolder = process.env['INIT_CWD'] ?? process.cwd();

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  await withConnection(options, terminal, async ({ records }) => {
    const { state, execution, work, host, olderThan: olderThanSeconds } = options;
    const now = Date.now();
    const found = await listCallbacks(records, { state, execution, work, host, olderThanSeconds }, now);
    print(terminal, options, found, () => listText(found, terminal, now));
  });
}

async function show(id: string, options: ConnectionOptions, terminal: Terminal): Promise<void> {
  await withConnection(options, terminal, async (connection) => {
    const now = Date.now();
    const life = await showCallback(connection, await find(connection, id, options), now);
    print(terminal, options, life, () => lifeText(life, terminal, now));
  });
}

async function settleWith(
  id: string,
  options: SettleOptions,
  outcome: Outcome | ((who: string) => Outcome),
  terminal: Terminal,
): Promise<void> {
  await withConnection(options, terminal, async (connection) => {
    const row = await find(connection, id, options);
    const who = await whoActs(options.as, () => connection.callerArn());
    const operator = { who, why: options.reason };
    const given = typeof outcome === 'function' ? outcome(who) : outcome;
    const settled = await settleByHand(connection, row, given, operator, Date.now());
    const { colors } = terminal;
    const paint = settled.prevailed ? colors.green : colors.red;
    print(terminal, options, settled, () => `${paint(settled.answer)}  ${settled.message}`);
    process.exitCode = settled.prevailed ? 0 : 1;
  });
}

async function find({ store }: OperatorConnection, id: string, { table }: ConnectionOptions): Promise<Callback> {
  const row = await store.read(id);
  if (row !== undefined) return row;
  throw new CliError(
    `there is no callback ${id} in the table "${table}": closed callbacks are kept for 30 days; check --region, --profile and --endpoint too`,
    66,
  );
}

async function withConnection(
  options: ConnectionOptions,
  terminal: Terminal,
  work: (connection: OperatorConnection) => Promise<void>,
): Promise<void> {
  const { table, region, profile, endpoint } = options;
  const nothingChosen = region === undefined && profile === undefined && endpoint === undefined;
  const local = nothingChosen ? useRunningPlatform(process.env) : undefined;
  if (local !== undefined) terminal.error(`baton: looks at the local platform that runs on ${local}`);
  // The SDK reads a profile's endpoint only for the profile of the environment.
  if (profile !== undefined) process.env['AWS_PROFILE'] = profile;
  // Loads the AWS SDK, which no other command needs.
  const { connectOperator } = await import('@baton/token-lib/aws');
  const connection = connectOperator({ tableName: table, region, profile, endpoint });
  try {
    await work(connection);
  } catch (error) {
    throw troubleOf(error, { table, profile, endpoint: endpoint ?? process.env['AWS_ENDPOINT_URL'] }) ?? error;
  } finally {
    connection.close();
  }
}

function print(terminal: Terminal, { json }: ConnectionOptions, view: object, text: () => string): void {
  terminal.line(json ? JSON.stringify(view, undefined, 2) : text());
}
