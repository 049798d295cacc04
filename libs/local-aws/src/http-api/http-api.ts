import type { Service, World } from '../service.ts';
import { apiActions, type Api } from './apis.ts';
import { createInvokeUrl } from './invoke-url.ts';

/** API Gateway V2: HTTP APIs with Lambda behind them. */
export function createHttpApi(world: World): Service {
  const apis = new Map<string, Api>();
  return {
    id: 'apigateway',
    actions: apiActions(world, apis),
    doors: { 'execute-api': createInvokeUrl(world, apis) },
  };
}
