import { describe, expect, it } from 'vitest';
import { sampleApprovalWork, sampleWork } from '../testing/samples.ts';
import { parseWork } from './work.ts';

const refusal = (work: unknown): string => {
  try {
    parseWork(work);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};

describe('work', () => {
  it('is a command or a shell script on a host', () => {
    expect(parseWork(sampleWork())).toEqual(sampleWork());
    const script = {
      ...sampleWork(),
      command: undefined,
      shell: 'echo hi',
      environment: { A_1: 'x' },
      workingDirectory: '/srv',
    };
    expect(parseWork(script)).toEqual(script);
  });

  it.each([
    ['nothing', undefined, /InvalidRequest: Invalid input/],
    ['no kind', {}, /InvalidRequest: kind/],
    ['an unknown kind', { kind: 'carrier-pigeon' }, /UnknownWorkKind: work\.kind must be one of: ssm/],
    ['no instance', { ...sampleWork(), instanceId: undefined }, /work\.instanceId/],
    [
      'an instance that is none',
      { ...sampleWork(), instanceId: '$(reboot)' },
      /work\.instanceId: must be the id of an EC2 instance/,
    ],
    [
      'a machine of a hybrid activation',
      { ...sampleWork(), instanceId: 'mi-0123456789abcdef0' },
      /work\.instanceId: .*mi-\.\.\..* cannot be hosts/,
    ],
    ['both command and shell', { ...sampleWork(), shell: 'x' }, /exactly one of command/],
    ['neither command nor shell', { ...sampleWork(), command: undefined }, /exactly one of command/],
    ['an empty command', { ...sampleWork(), command: [] }, /work\.command/],
    ['a command as one string', { ...sampleWork(), command: 'ls -l' }, /work\.command: Invalid input: expected array/],
    [
      'more time than SSM gives',
      { ...sampleWork(), timeoutSeconds: 172_801 },
      /work\.timeoutSeconds: SSM runs a command for 172800 seconds/,
    ],
    [
      'a time that is no number',
      { ...sampleWork(), timeoutSeconds: '60' },
      /work\.timeoutSeconds: Invalid input: expected number/,
    ],
    [
      'a heartbeat not shorter than the timeout',
      { ...sampleWork(), heartbeatSeconds: 3600 },
      /work\.heartbeatSeconds: heartbeatSeconds must be smaller/,
    ],
    ['no heartbeat', { ...sampleWork(), heartbeatSeconds: undefined }, /work\.heartbeatSeconds/],
    ['a word that is not known', { ...sampleWork(), workingDir: '/srv' }, /work: Unrecognized key: "workingDir"/],
    ['a variable name for a shell to trip over', { ...sampleWork(), environment: { 'A;B': '1' } }, /work\.environment/],
    ['more than fits a row', { ...sampleWork(), environment: { A: 'x'.repeat(65_536) } }, /more than 65536 bytes/],
  ])('refuses %s, and says what is wrong', (_, work, message) => {
    expect(refusal(work)).toMatch(message);
  });
});

describe('work of every other kind', () => {
  const times = { timeoutSeconds: 60 };
  const queue = {
    kind: 'queue',
    queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs',
    message: 1,
    ...times,
  };
  const fifo = { ...queue, queueUrl: `${queue.queueUrl}.fifo`, groupId: 'orders' };
  const lambda = { kind: 'lambda', functionName: 'resize:live', payload: null, ...times };
  const webhook = { kind: 'webhook', url: 'https://partner.test/orders', payload: {}, ...times };
  const { kind, title, approvers } = sampleApprovalWork();
  const approval = { kind, title, approvers, ...times };

  it.each([queue, fifo, lambda, webhook, { ...queue, heartbeatSeconds: 20 }])('is what it says: %j', (work) => {
    expect(parseWork(work)).toEqual(work);
  });

  it('of approvers needs one approval, may be vetoed, and makes a denial a result, unless it says otherwise', () => {
    expect(parseWork(approval)).toEqual({ ...approval, needed: 1, veto: true, deny: 'result' });
  });

  it.each([
    ['a queue that is none', { ...queue, queueUrl: 'jobs' }, /work\.queueUrl: must be an SQS queue's URL/],
    ['no message', { ...queue, message: undefined }, /work\.message: is missing/],
    ['a group on a standard queue', { ...queue, groupId: 'a' }, /work\.groupId: stands with a FIFO queue/],
    ['no group on a FIFO queue', { ...fifo, groupId: undefined }, /work\.groupId: stands with a FIFO queue/],
    ['a deduplication id on a standard queue', { ...queue, deduplicationId: 'a' }, /work\.deduplicationId/],
    ['a heartbeat as long as the time', { ...queue, heartbeatSeconds: 60 }, /work\.heartbeatSeconds: .*smaller/],
    ['more than a year', { ...lambda, timeoutSeconds: 31_536_001 }, /work\.timeoutSeconds: .*a year/],
    ['a function that is none', { ...lambda, functionName: 'a/../b' }, /work\.functionName/],
    ['no payload', { ...lambda, payload: undefined }, /work\.payload: is missing/],
    ['a URL that is none', { ...webhook, url: 'partner' }, /work\.url: must be an https/],
    ['a URL of another protocol', { ...webhook, url: 'file:///etc/passwd' }, /work\.url: must be an https/],
    [
      'a URL with a password',
      { ...webhook, url: 'https://a:b@partner.test' },
      /work\.url: .*without a name and password/,
    ],
    ['a heartbeat of people', { ...approval, heartbeatSeconds: 20 }, /Unrecognized key: "heartbeatSeconds"/],
    ['nobody to ask', { ...approval, approvers: [] }, /work\.approvers: needs at least one/],
    ['an approver twice', { ...approval, approvers: [{ name: 'Ann' }, { name: ' ANN ' }] }, /names an approver twice/],
    [
      'an address twice',
      {
        ...approval,
        approvers: [
          { name: 'A', email: 'x@y.zz' },
          { name: 'B', email: 'X@y.zz' },
        ],
      },
      /address twice/,
    ],
    [
      'an address that is none',
      { ...approval, approvers: [{ name: 'A', email: 'nobody' }] },
      /work\.approvers\.0\.email/,
    ],
    ['more needed than asked', { ...approval, needed: 4 }, /work\.needed: is more than there are approvers/],
    ['nobody needed', { ...approval, needed: 0 }, /work\.needed/],
    ['a word for denials that is none', { ...approval, deny: 'maybe' }, /work\.deny/],
  ])('is refused with %s', (_, work, message) => {
    expect(refusal(work)).toMatch(message);
  });
});
