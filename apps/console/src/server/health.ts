/** The figures of the platform that its alarms and its dashboard are made of: from the list of open callbacks, the functions' logs and the queues. */
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type Millis, sayDuration } from '@baton/token-lib';
import type { FactClients } from './gather-facts.ts';
import type { WaitingList } from './waiting-list.ts';

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly tone: 'good' | 'watch' | 'bad' | 'unknown';
  /** What it means, or the action that the operator's role lacks. */
  readonly says: string;
}

export interface HealthAnswer {
  readonly now: Millis;
  readonly figures: readonly Figure[];
  /** What the functions have written for a person to look at, the newest first. */
  readonly alarms: readonly { readonly at: Millis; readonly name: string; readonly text: string }[];
}

const HOUR = 3_600_000;
const FUNCTIONS = [
  'dispatcher',
  'completer-http',
  'completer-queue',
  'completer-events',
  'completer-schedule',
  'completer-approvals',
  'completer-webhooks',
  'completer-destinations',
];

interface Line {
  readonly at: Millis;
  readonly name: string;
  readonly text: string;
}

export async function readHealth(
  clients: FactClients,
  prefix: string,
  waiting: WaitingList,
  now: Millis,
): Promise<HealthAnswer> {
  const [reconciled, alarms, transient, dead] = await Promise.all([
    linesOf(clients, prefix, ['completer-schedule'], '"\\"message\\":\\"reconciled\\""', now - HOUR),
    linesOf(clients, prefix, FUNCTIONS, '"\\"level\\":\\"alarm\\""', now - 24 * HOUR),
    linesOf(clients, prefix, FUNCTIONS, '"\\"answer\\":\\"transient\\""', now - HOUR),
    deadLetters(clients, `${prefix}-completions-dead`),
  ]);
  const counted = (phrase: string): number | undefined => alarms?.filter(({ text }) => text.includes(phrase)).length;
  const figures = [
    reconcilerFigure(reconciled?.at(-1)?.at, reconciled !== undefined, now),
    ...openFigures(waiting, now),
    countFigure(
      'Conflicts, last day',
      counted('outcome kept for the operator'),
      'Two workers reported different outcomes; the first one stands.',
    ),
    countFigure(
      'Unconfirmed, last day',
      counted('unconfirmed outcome'),
      'It could not be read whether Step Functions had taken an outcome.',
    ),
    countFigure('Dead letters', dead, 'Reports that could not be handled.'),
    countFigure(
      'Not taken by Step Functions, last hour',
      transient?.length,
      'Throttled or failed calls; each is made again.',
    ),
  ];
  return { now, figures, alarms: (alarms ?? []).toReversed().slice(0, 50) };
}

function reconcilerFigure(last: Millis | undefined, isRead: boolean, now: Millis): Figure {
  const name = 'Reconciler, last run';
  if (!isRead) return unread(name, 'logs:FilterLogEvents');
  const says = 'It runs every minute, and repairs what was interrupted.';
  if (last === undefined) return { name, value: 'none in an hour', tone: 'watch', says };
  return { name, value: `${sayDuration(now - last)} ago`, tone: now - last > 180_000 ? 'bad' : 'good', says };
}

function openFigures(waiting: WaitingList, now: Millis): Figure[] {
  const rows = waiting.matching({});
  const oldest = Math.min(...rows.map(({ createdAt }) => createdAt));
  const settling = rows.flatMap((row) => (row.state === 'Settling' ? row.decidedAt : []));
  const overdue = waiting.matching({ overdue: true }).length;
  return [
    { name: 'Open callbacks', value: String(rows.length), tone: 'good', says: 'Task tokens that are waited on.' },
    {
      name: 'Oldest open callback',
      value: rows.length === 0 ? 'none' : sayDuration(now - oldest),
      tone: 'good',
      says: 'Since it was stored.',
    },
    {
      name: 'Overdue',
      value: String(overdue),
      tone: overdue > 0 ? 'watch' : 'good',
      says: 'Past their next deadline: Step Functions gives them up.',
    },
    {
      name: 'Settling, oldest',
      value: settling.length === 0 ? 'none' : sayDuration(now - Math.min(...settling)),
      tone: settling.some((at) => now - at > 600_000) ? 'bad' : settling.length > 0 ? 'watch' : 'good',
      says: 'Decided, and Step Functions has not taken it yet.',
    },
  ];
}

const unread = (name: string, action: string): Figure => ({
  name,
  value: '–',
  tone: 'unknown',
  says: `Your role may not read it: it lacks ${action}.`,
});

function countFigure(name: string, count: number | undefined, says: string): Figure {
  if (count === undefined)
    return unread(name, name === 'Dead letters' ? 'sqs:GetQueueAttributes' : 'logs:FilterLogEvents');
  return { name, value: String(count), tone: count > 0 ? 'watch' : 'good', says };
}

/** @returns undefined where the logs may not be read */
async function linesOf(
  { logs }: FactClients,
  prefix: string,
  names: readonly string[],
  filterPattern: string,
  startTime: Millis,
): Promise<Line[] | undefined> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const { events = [] } = await logs.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/lambda/${prefix}-${name}`,
            filterPattern,
            startTime,
            limit: 1_000,
          }),
        );
        return events.map(({ timestamp: at = 0, message: text = '' }): Line => ({
          at,
          name,
          text: text.trim().replace(/^[^{]*/, ''),
        }));
      } catch (error) {
        return (error as Error).name === 'ResourceNotFoundException' ? [] : undefined;
      }
    }),
  );
  if (found.some((lines) => lines === undefined)) return undefined;
  return found.flatMap((lines) => lines ?? []).sort((a, b) => a.at - b.at);
}

async function deadLetters({ sqs }: FactClients, QueueName: string): Promise<number | undefined> {
  try {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  } catch {
    return undefined;
  }
}
