import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { HttpRequest } from '../../kernel/http.ts';

/** The members of a JSON body; of no body none. @throws {AwsError} SerializationException for what is no JSON object */
export function parseJsonBody(request: HttpRequest): JsonObject {
  if (request.body.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch (cause) {
    throw new AwsError('SerializationException', `The body is not JSON: ${(cause as Error).message}`);
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
}
