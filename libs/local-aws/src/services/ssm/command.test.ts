import { describe, expect, it } from 'vitest';
import type { AgentHost } from '../../kit/host.ts';
import { DELIVERY_TIMED_OUT, statusOfCommand, statusOfSteps, withDetails, type Status } from './command.ts';

describe('the status of a command', () => {
  const lost = DELIVERY_TIMED_OUT;
  const of = withDetails;
  const cases: [string, ReturnType<typeof withDetails>[], string][] = [
    ['none', [], 'NoInstancesInTag'],
    ['all waiting', [of('Pending'), of('Pending')], 'Pending'],
    ['one running', [of('Success'), of('InProgress')], 'In Progress'],
    ['one being cancelled', [of('InProgress'), of('Cancelling')], 'Cancelling'],
    ['all well', [of('Success'), of('Success')], 'Success'],
    ['one failed', [of('Success'), of('Failed')], 'Failed'],
    ['one over its time', [of('Success'), of('TimedOut')], 'Execution Timed Out'],
    ['one cancelled', [of('Success'), of('Cancelled')], 'Cancelled'],
    ['one never reached, one well', [lost, of('Success')], 'Success'],
    ['none reached', [lost, lost], 'Delivery Timed Out'],
  ];
  it.each(cases)('with %s', (_, currents, details) => {
    const invocations = currents.map((current) => ({ host: {} as AgentHost, current, steps: [] }));
    expect(statusOfCommand({ invocations }).details).toBe(details);
  });
});

describe('the status of the steps', () => {
  const cases: [Status[], Status][] = [
    [['Success', 'Success'], 'Success'],
    [['Failed', 'Success'], 'Failed'],
    [['TimedOut', 'Success'], 'TimedOut'],
    [['Success', 'Cancelled'], 'Cancelled'],
    [['TimedOut', 'Failed'], 'Failed'],
  ];
  it.each(cases)('%j makes %s', (statuses, status) => {
    const steps = statuses.map((each) => ({ name: 'x', status: each, responseCode: 0, stdout: '', stderr: '' }));
    expect(statusOfSteps(steps)).toBe(status);
  });
});
