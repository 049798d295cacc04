import { legacy } from '../../kit/legacy.ts';
import type { Service, World } from '../../kernel/service.ts';
import { apiActions, type Api } from './apis.ts';
import { createInvokeUrl, type VerifySignature } from './invoke-url.ts';

/** API Gateway V2: HTTP APIs with Lambda behind them. */
export function createHttpApi(world: World, verifySignature: VerifySignature): Service {
  const apis = new Map<string, Api>();
  return {
    id: 'apigateway',
    actions: legacy(apiActions(world, apis)),
    handlers: { 'execute-api': createInvokeUrl(world, apis, verifySignature) },
  };
}
