import { describe, expect, it } from 'vitest';
import { sampleWork } from './testing/samples.ts';
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
      /work\.instanceId: must be an instance id/,
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
