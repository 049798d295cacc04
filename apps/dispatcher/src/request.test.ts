import { nested, sampleContext, sampleQueueWork, sampleWork, tokenText } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { parseRequest } from './request.ts';

const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher';
const payload = { taskToken: tokenText('first'), context: sampleContext(), work: sampleWork() };

describe('a request', () => {
  it('is a token, where it comes from, and the work', () => {
    const request = parseRequest(payload, functionArn);
    expect(request.context).toEqual(sampleContext());
    expect(request.work).toEqual(sampleWork());
    expect(JSON.stringify(request)).not.toContain(tokenText('first'));
  });

  it.each([
    ['no object', 'text', 'Baton.InvalidRequest', /expected object/],
    ['no context', { ...payload, context: undefined }, 'Baton.InvalidRequest', /context/],
    ['no token', { ...payload, taskToken: undefined }, 'Baton.InvalidToken', /\$\$\.Task\.Token/],
    ['a token that is none', { ...payload, taskToken: '$$.Task.Token' }, 'Baton.InvalidToken', /taskToken/],
    [
      'another region',
      { ...payload, context: sampleContext({ executionArn: 'arn:aws:states:us-east-1:111122223333:execution:m:r' }) },
      'Baton.InvalidRequest',
      /must run where the dispatcher does: eu-central-1 111122223333/,
    ],
    [
      'another account',
      {
        ...payload,
        context: sampleContext({ executionArn: 'arn:aws:states:eu-central-1:999999999999:execution:m:r' }),
      },
      'Baton.InvalidRequest',
      /must run where the dispatcher does/,
    ],
    [
      'too long a time',
      { ...payload, work: { ...sampleWork(), timeoutSeconds: 200_000 } },
      'Baton.InvalidRequest',
      /172800/,
    ],
    [
      'work of too many levels',
      { ...payload, work: sampleQueueWork({ message: nested(5_000) }) },
      'Baton.JsonTooDeep',
      /work.*1,000 levels/,
    ],
    ['an unknown kind', { ...payload, work: { kind: 'fax' } }, 'Baton.UnknownWorkKind', /ssm/],
  ])('with %s is refused by name, and shows no token (L3)', (_, bad, name, message) => {
    let error: unknown;
    try {
      parseRequest(bad, functionArn);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name, message: expect.stringMatching(message) as string });
    expect(String(error)).not.toContain(tokenText('first').slice(0, 12));
  });
});
