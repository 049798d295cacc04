/** What the console asks of Step Functions. An answer of IAM becomes a refusal that names the action which the operator's role lacks. */
import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { errorName, type Millis } from '@baton/token-lib';
import { hideTokens } from '../hide-secrets.ts';
import { Refusal } from '../refusal.ts';
import { type Drawing, layOut } from './lay-out.ts';
import { type EventRow, readHistory, type StateVisits } from './read-history.ts';

export interface ExecutionLine {
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: Millis;
  readonly stoppedAt: Millis | undefined;
}

export interface ExecutionsAnswer {
  readonly now: Millis;
  readonly machines: readonly { readonly arn: string; readonly name: string }[];
  readonly executions: readonly ExecutionLine[];
  /** Executions and events beyond what one look reads. */
  readonly isCut: boolean;
}

export interface ExecutionAnswer extends ExecutionLine {
  readonly now: Millis;
  readonly machineArn: string;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly mayRedrive: boolean;
  readonly redrives: number;
  /** Absent where the role may not read the definition. */
  readonly drawing: Drawing | undefined;
  readonly states: Readonly<Record<string, StateVisits>>;
  readonly events: readonly EventRow[];
  readonly isCut: boolean;
  readonly mapRuns: readonly { readonly arn: string; readonly state: string }[];
  readonly children: readonly string[];
}

/** Of each state machine the newest; and no more machines than this: a list costs one call for each. */
const EXECUTIONS_A_MACHINE = 30;
const MAX_MACHINES = 40;
const MAX_EVENTS = 1_000;

const send = <T>(answer: Promise<T>): Promise<T> => answer.catch((error: unknown) => Promise.reject(refusalOf(error)));

export function stepFunctions(client: SFNClient, now: () => Millis) {
  async function list(status: string | undefined): Promise<ExecutionsAnswer> {
    const found = await send(client.send(new ListStateMachinesCommand({ maxResults: 100 })));
    const machines = (found.stateMachines ?? []).map(({ stateMachineArn = '', name = '' }) => ({
      arn: stateMachineArn,
      name,
    }));
    const statusFilter = status === undefined ? {} : { statusFilter: status as ExecutionStatus };
    const lists = await Promise.all(
      machines
        .slice(0, MAX_MACHINES)
        .map(({ arn }) =>
          send(
            client.send(
              new ListExecutionsCommand({ stateMachineArn: arn, maxResults: EXECUTIONS_A_MACHINE, ...statusFilter }),
            ),
          ),
        ),
    );
    const executions = lists.flatMap(({ executions = [] }) => executions).map(lineOf);
    return {
      now: now(),
      machines,
      executions: executions.sort((a, b) => b.startedAt - a.startedAt),
      isCut: machines.length > MAX_MACHINES || lists.some(({ nextToken }) => nextToken !== undefined),
    };
  }

  async function definitionOf(executionArn: string): Promise<string | undefined> {
    const found = await client
      .send(new DescribeStateMachineForExecutionCommand({ executionArn }))
      .catch(() => undefined);
    return found?.definition;
  }

  return {
    list,
    show: (executionArn: string) =>
      showExecution(client, executionArn, { now: now(), definition: definitionOf(executionArn) }),
    definitionOf,
    start: (stateMachineArn: string, input: string, name: string | undefined) =>
      send(client.send(new StartExecutionCommand({ stateMachineArn, input, ...(name !== undefined && { name }) }))),
    stop: (executionArn: string, cause: string) =>
      send(client.send(new StopExecutionCommand({ executionArn, error: 'Baton.StoppedByOperator', cause }))),
    redrive: (executionArn: string) => send(client.send(new RedriveExecutionCommand({ executionArn }))),
    mapRunExecutions: async (mapRunArn: string): Promise<ExecutionLine[]> =>
      (await send(client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 100 })))).executions?.map(lineOf) ??
      [],
  };
}

async function showExecution(
  client: SFNClient,
  executionArn: string,
  parts: { readonly now: Millis; readonly definition: Promise<string | undefined> },
): Promise<ExecutionAnswer> {
  const [described, history, definition, mapRuns] = await Promise.all([
    send(client.send(new DescribeExecutionCommand({ executionArn }))),
    send(
      client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: MAX_EVENTS, includeExecutionData: true })),
    ),
    parts.definition,
    client.send(new ListMapRunsCommand({ executionArn })).catch(() => ({ mapRuns: [] })),
  ]);
  const { rows, states } = readHistory(history.events ?? [], described.status !== 'RUNNING');
  return {
    ...lineOf(described),
    now: parts.now,
    machineArn: described.stateMachineArn ?? '',
    input: described.input,
    output: described.output,
    error: described.error,
    cause: described.cause,
    mayRedrive: described.redriveStatus === 'REDRIVABLE',
    redrives: described.redriveCount ?? 0,
    drawing: definition === undefined ? undefined : drawn(definition),
    states,
    events: rows,
    isCut: history.nextToken !== undefined,
    mapRuns: (mapRuns.mapRuns ?? []).map(({ mapRunArn = '' }) => ({
      arn: mapRunArn,
      state: mapRunArn.split(/[/:]/).at(-2) ?? '',
    })),
    children: childrenIn(rows),
  };
}

export type StepFunctions = ReturnType<typeof stepFunctions>;

function lineOf(found: {
  readonly executionArn?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly startDate?: Date | undefined;
  readonly stopDate?: Date | undefined;
}): ExecutionLine {
  const { executionArn: arn = '', name = '', status = '', startDate, stopDate } = found;
  return {
    arn,
    name,
    status,
    machine: arn.split(':').at(-2) ?? '',
    startedAt: startDate?.getTime() ?? 0,
    stoppedAt: stopDate?.getTime(),
  };
}

function drawn(definition: string): Drawing | undefined {
  try {
    return layOut(definition);
  } catch {
    return undefined;
  }
}

/** Executions that its states have started. */
function childrenIn(rows: readonly EventRow[]): string[] {
  const outputs = rows
    .filter(({ type }) => type === 'TaskSubmitted')
    .map(({ details }) => JSON.stringify(details['output'] ?? ''));
  return outputs.flatMap((output) => /\\"ExecutionArn\\"\s*:\s*\\"(arn:[^"\\]+)\\"/.exec(output)?.[1] ?? []);
}

/** @returns what IAM or Step Functions has refused, in words */
export function refusalOf(error: unknown): Refusal {
  const name = errorName(error);
  const message = hideTokens(error instanceof Error ? error.message : String(error));
  if (name.startsWith('AccessDenied')) {
    const action = /perform: ([\w-]+:\w+)/.exec(message)?.[1];
    return new Refusal(403, `Your role may not do that${action === undefined ? '' : `: it lacks ${action}`}.`, action);
  }
  const isMissing = name.endsWith('DoesNotExist') || name === 'InvalidArn';
  return new Refusal(isMissing ? 404 : 502, `${name}: ${message}`);
}
