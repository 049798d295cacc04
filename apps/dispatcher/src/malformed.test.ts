/** Whatever a state machine sends, it is taken or refused by a name of Baton's, and no token stands in the refusal. */
import { BatonError } from '@baton/token-lib';
import {
  holdsToken,
  malformed,
  malformedRuns,
  sampleApprovalWork,
  sampleContext,
  sampleQueueWork,
  sampleWork,
  tokenText,
} from '@baton/token-lib/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRequest } from './request.ts';

const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:baton-dispatcher';

const payloads = [
  sampleWork({ environment: { ROWS: '5' } }),
  sampleQueueWork({ message: { rows: [1, { x: 2 }] }, heartbeatSeconds: 60 }),
  sampleApprovalWork({ description: 'Version 7' }),
  { kind: 'lambda', functionName: 'resize:live', payload: { n: 1 }, timeoutSeconds: 60 },
  { kind: 'webhook', url: 'https://partner.test/', payload: { n: 1 }, timeoutSeconds: 60 },
].map((work) => ({ taskToken: tokenText('first'), context: sampleContext(), work }));

test('malformed requests are refused by name, and show no token (L3)', () => {
  fc.assert(
    fc.property(malformed(...payloads), (payload) => {
      try {
        parseRequest(payload, functionArn);
      } catch (error) {
        expect(error).toBeInstanceOf(BatonError);
        expect((error as BatonError).code).toMatch(/^(InvalidRequest|InvalidToken|UnknownWorkKind|JsonTooDeep)$/);
        expect(holdsToken(String(error))).toBe(false);
      }
    }),
    malformedRuns(1_000),
  );
});
