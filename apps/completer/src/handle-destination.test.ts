import { sampleQueueWork, sampleWork, workSecretText } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { world } from '../test/world.ts';

const failed = (callbackId: string, responsePayload?: object | null) => ({
  requestContext: {
    functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:print:live',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: { callbackId, workSecret: workSecretText(), payload: {} },
  ...(responsePayload !== undefined && { responsePayload }),
});
const lambda = { kind: 'lambda', functionName: 'print', payload: {}, timeoutSeconds: 60 } as const;

describe('an asynchronous function that failed to the end', () => {
  it.each([
    [
      'its error',
      { errorType: 'PaperJam', errorMessage: 'no paper' },
      'PaperJam',
      /^no paper\n.*print:live was invoked 3 times/,
    ],
    [
      'a crash',
      { errorType: 'Runtime.ExitError', errorMessage: 'exit status 1' },
      'Runtime.ExitError',
      /exit status 1/,
    ],
    ['no answer', undefined, 'Baton.DeadLettered', /no answer/],
    ['a null answer', null, 'Baton.DeadLettered', /no answer/],
    ['a name of Step Functions', { errorType: 'States.Timeout', errorMessage: 'x' }, 'Baton.DeadLettered', /x/],
  ])('fails its task by %s', async (_, payload, error, cause) => {
    const { dispatchWork, destination, stepFunctions } = world();
    const { callbackId } = await dispatchWork(lambda);
    await destination(failed(callbackId, payload));
    expect(stepFunctions.taken).toEqual([{ type: 'failure', error, cause: expect.stringMatching(cause) as string }]);
  });

  it('after its report changes nothing', async () => {
    const { dispatchWork, destination, queue, stepFunctions } = world();
    const { callbackId } = await dispatchWork(sampleQueueWork());
    await queue([{ body: { type: 'success', callbackId, workSecret: workSecretText(), output: 1 } }]);
    await destination(failed(callbackId, { errorType: 'Late', errorMessage: '' }));
    expect(stepFunctions.taken).toEqual([{ type: 'success', output: '1' }]);
  });

  it.each([undefined, '', workSecretText('other')])(
    'whose payload names a foreign callback beside %j fails nothing',
    async (secret) => {
      const { dispatchWork, destination, stepFunctions, row } = world();
      const { callbackId } = await dispatchWork(lambda);
      const { requestPayload, ...event } = failed(callbackId, { errorType: 'Stolen' });
      const forged = { ...event, requestPayload: { ...requestPayload, workSecret: secret } };
      await expect(destination(forged)).rejects.toMatchObject({ code: 'Forbidden' });
      expect(stepFunctions.taken).toEqual([]);
      expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
    },
  );

  it('of the release before, which sent no secret, fails its task', async () => {
    const { dispatchWork, destination, stepFunctions } = world();
    const { callbackId } = await dispatchWork(lambda, 'first', 'before');
    await destination({ ...failed(callbackId), requestPayload: { callbackId, payload: {} } });
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it('of somebody else, or for a host, is refused', async () => {
    const { dispatchWork, destination } = world();
    const { callbackId } = await dispatchWork(sampleWork());
    await expect(destination(failed(callbackId))).rejects.toThrow(/no such callback/);
    await expect(destination(failed('0'.repeat(26)))).rejects.toThrow(/no such callback/);
    await expect(destination({ ...failed(callbackId), requestPayload: { order: 7 } })).rejects.toThrow(/callbackId/);
  });
});
