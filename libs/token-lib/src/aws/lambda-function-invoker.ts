import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionInvoker } from '../ports.ts';
import { classifyStartError } from './start-errors.ts';

export { LambdaClient } from '@aws-sdk/client-lambda';

export function lambdaFunctionInvoker(client: LambdaClient): FunctionInvoker {
  return {
    async invoke(functionName, payload) {
      try {
        const { $metadata } = await client.send(
          new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: payload }),
        );
        return { answer: 'started', receipt: $metadata.requestId ?? functionName };
      } catch (error) {
        return classifyStartError(error, `function ${functionName}`);
      }
    },
  };
}
