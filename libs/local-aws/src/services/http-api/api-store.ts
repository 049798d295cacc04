import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Place, World } from '../../kernel/service.ts';
import { required, text } from '../../kit/reader.ts';
import type { Integration } from './integrations.ts';
import type { Route } from './routes.ts';
import type { Stage } from './stages.ts';

/** An HTTP API: its own members in API Gateway's names, and what it is made of, by id or name. */
export interface Api {
  readonly id: string;
  members: JsonObject;
  readonly tags: Map<string, string>;
  readonly integrations: Map<string, Integration>;
  readonly routes: Map<string, Route>;
  readonly stages: Map<string, Stage>;
}

/** All APIs of the account. */
export class Apis {
  readonly world: World;
  readonly all = new Map<string, Api>();

  constructor(world: World) {
    this.world = world;
  }

  /** @throws {AwsError} NotFoundException */
  find(id: string): Api {
    const api = this.all.get(id);
    if (api === undefined) throw notFound('API', id);
    return api;
  }

  newId(length: number): string {
    return this.world.uuid().replaceAll('-', '').slice(0, length);
  }

  now(): string {
    return new Date(this.world.clock.now()).toISOString();
  }
}

export const notFound = (kind: string, id: string): AwsError =>
  new AwsError('NotFoundException', `Invalid ${kind} identifier specified ${id}`, 404);

/** As IAM names what management requests are for: without an account. [documented: API Gateway, "ARNs of API Gateway V2"] */
export const managed = ({ partition, region }: Place, path: string): string[] => [
  `arn:${partition}:apigateway:${region}::/apis${path}`,
];

/** Without the members that a request left out. */
export const given = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export const apiId = required(text({ min: 1 }));
