import { AwsError } from './aws-error.ts';
import { callerOf, parseScope, type Scope } from './credentials/caller.ts';
import { jsonAnswer, jsonRefusal, parseJson, parseTarget } from './protocols/aws-json.ts';
import { header, type HttpAnswer, type HttpRequest } from './protocols/http.ts';
import type { Caller, JsonObject, Service, ServiceId, World } from './service.ts';

export type Services = Partial<Record<ServiceId, Service>>;
export type Call = (service: ServiceId, action: string, input: JsonObject, caller: Caller) => Promise<JsonObject>;

/** @throws {AwsError} UnknownOperationException, which says what there is */
export function findAction(services: Services, id: ServiceId, action: string): Service['actions'][string] {
  const service = services[id];
  if (service === undefined) {
    throw new AwsError('UnknownOperationException', `There is no ${id} here, only ${Object.keys(services).join(', ')}`);
  }
  const found = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (found === undefined) {
    const known = Object.keys(service.actions).sort().join(', ');
    throw new AwsError('UnknownOperationException', `${id} has no action ${action || '(none)'} here; it has ${known}`);
  }
  return found;
}

/** Turns requests into calls: finds the protocol, the service, the action and the caller, and answers in the same protocol. */
export function createFrontDoor(world: World, call: Call): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const scope = parseScope(header(request, 'authorization'));
    const answer = await route(request, scope);
    answer.headers['x-amzn-requestid'] = world.uuid();
    return answer;
  };

  async function route(request: HttpRequest, scope: Scope | undefined): Promise<HttpAnswer> {
    const caller = callerOf(scope, world.credentials, world);
    const target = header(request, 'x-amz-target');
    if (target !== undefined) return json(request, target, caller);
    return jsonRefusal(request, undefined, new AwsError('UnknownOperationException', 'No X-Amz-Target'));
  }

  async function json(request: HttpRequest, targetHeader: string, caller: Caller): Promise<HttpAnswer> {
    let service: ServiceId | undefined;
    try {
      const target = parseTarget(targetHeader);
      service = target.service;
      return jsonAnswer(request, service, await call(service, target.action, parseJson(request, service), caller));
    } catch (error) {
      return jsonRefusal(request, service, toAwsError(error));
    }
  }
}

/** What is not a refusal is a fault of this program: it is answered as one, and shown. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`local AWS failed: ${text}`);
  return new AwsError('InternalFailure', `Local AWS failed: ${text.split('\n')[0] ?? ''}`, 500);
}
