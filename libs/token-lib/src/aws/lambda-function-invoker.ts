import type { FunctionInvoker } from '../ports.ts';
import { AwsRefusal, type AwsConnection, codeOf, signedRequest } from './signed-call.ts';
import { classifyStartError } from './start-errors.ts';

export function lambdaFunctionInvoker(connection: AwsConnection): FunctionInvoker {
  return {
    async invoke(functionName, payload) {
      try {
        const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
        const answer = await signedRequest(connection, {
          service: 'lambda',
          method: 'POST',
          url: connection.endpointOf('lambda') + path,
          headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
          body: payload,
        });
        if (answer.status >= 300) throw new AwsRefusal(codeOf(answer, {}), answer.status);
        return { answer: 'started', receipt: answer.headers.get('x-amzn-requestid') ?? functionName };
      } catch (error) {
        return classifyStartError(error, `function ${functionName}`);
      }
    },
  };
}
