import type { Steps } from '../../kernel/call.ts';
import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { apiGateway } from '../../kit/dialects.ts';
import { Apis } from './api-store.ts';
import { apiActions } from './apis.ts';
import { createInvokeUrl, type VerifySignature } from './invoke-url.ts';

/** API Gateway V2: HTTP APIs with Lambda behind them. `authorize` decides on requests to routes with IAM authorization. */
export function createHttpApi(
  world: World,
  verifySignature: VerifySignature,
  authorize: Required<Steps>['authorize'],
): Service {
  const apis = new Apis(world);
  return {
    id: 'apigateway',
    actions: actionsIn(apiGateway, apiActions(apis)),
    handlers: { 'execute-api': createInvokeUrl(world, apis.all, { verifySignature, authorize }) },
  };
}
