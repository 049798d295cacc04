import {
  BatonError,
  failure,
  type Millis,
  parse,
  QueuedReport,
  settle,
  type SettlePorts,
  success,
  workReporter,
} from '@baton/token-lib';
import { beat } from '../beat.ts';
import { jsonBody, type SqsMessage } from './sqs-event.ts';

/**
 * A worker's report as a message. The queue's access policy says who may send; a host's callback answers to its host
 * alone, and so never to a message.
 * @throws {BatonError} `InvalidRequest`, `OutputTooLarge`, `Forbidden`
 */
export async function onReport(ports: SettlePorts, message: SqsMessage, at: Millis): Promise<void> {
  const report = parse(QueuedReport, jsonBody(message));
  const row = await ports.store.read(report.callbackId);
  if (row === undefined || workReporter(row.terms) !== 'worker') {
    throw new BatonError('Forbidden', 'there is no such callback that takes its reports by queue');
  }
  if (report.type === 'heartbeat') {
    await beat(ports, row, report, at);
    return;
  }
  const outcome = report.type === 'success' ? success(report.output) : failure(report.error, report.cause ?? '');
  await settle(ports, row, { from: { by: 'worker' }, outcome, at });
}
