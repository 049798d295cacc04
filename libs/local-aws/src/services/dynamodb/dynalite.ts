import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';

interface DynaliteServer {
  emit(event: 'request', request: unknown, response: unknown): boolean;
}
type Dynalite = (options: Record<string, number>) => DynaliteServer;

/** One DynamoDB call. @throws {AwsError} in DynamoDB's words */
export type DynamoCall = (action: string, input: JsonObject) => Promise<JsonObject>;

/**
 * dynalite in memory and without a port: its HTTP handler is given a request that was never on a wire. Its waits between a
 * table's states are zero, so that no time but the clock's is felt. It is loaded with the first call: who has no table does
 * without.
 */
export function createDynalite(accountId: string, region: string): DynamoCall {
  let server: DynaliteServer | undefined;
  const start = (): DynaliteServer => {
    // It is CommonJS and has no types of its own.
    const dynalite = createRequire(import.meta.url)('dynalite') as Dynalite;
    return withEnvironment({ AWS_ACCOUNT_ID: accountId, AWS_REGION: region }, () =>
      dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
    );
  };

  return (action, input) =>
    new Promise((resolve, reject) => {
      const request = Object.assign(new EventEmitter(), {
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${action}`,
          'x-amz-date': '20260101T000000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=00',
        },
      });
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end(text: string) {
          const body = JSON.parse(text) as JsonObject;
          if (this.statusCode < 300) resolve(body);
          else reject(refusal(body, this.statusCode));
        },
      };
      server ??= start();
      server.emit('request', request, response);
      request.emit('data', Buffer.from(JSON.stringify(input)));
      request.emit('end');
    });
}

function refusal(body: JsonObject, status: number): AwsError {
  const type = typeof body['__type'] === 'string' ? body['__type'] : 'InternalServerError';
  const message = body['message'] ?? body['Message'];
  return new AwsError(type.slice(type.indexOf('#') + 1), typeof message === 'string' ? message : '', status);
}

/** dynalite reads the account and the region of its ARNs from the environment, once, when it is made. */
function withEnvironment<T>(values: Record<string, string>, make: () => T): T {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  try {
    return make();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
