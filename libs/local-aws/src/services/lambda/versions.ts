import type { World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import type { Code } from './code.ts';
import type { Environments } from './environments.ts';
import { functionShape, type Configuration, type LambdaFunction, type Version } from './function.ts';
import { listOf, pageMembers, type FunctionStore } from './function-store.ts';
import { functionArn, functionMember } from './reference.ts';

type Identity = Pick<LambdaFunction, 'name' | 'arn'>;
export type CreateEnvironments = (fn: Identity, version: Omit<Version, 'environments'>) => Environments;

/** Makes the versions of functions. */
export class Versions {
  readonly #world: World;
  readonly #createEnvironments: CreateEnvironments;

  constructor(world: World, createEnvironments: CreateEnvironments) {
    this.#world = world;
    this.#createEnvironments = createEnvironments;
  }

  make(fn: Identity, version: string, configuration: Configuration, code: Code): Version {
    const world = this.#world;
    const parts = { version, configuration, code, lastModified: world.clock.now(), revisionId: world.uuid() };
    return { ...parts, environments: this.#createEnvironments(fn, parts) };
  }

  /** What runs in the old `$LATEST` finishes there. */
  replaceLatest(fn: LambdaFunction, configuration: Configuration, code: Code): void {
    fn.latest.environments.retire();
    fn.latest = this.make(fn, '$LATEST', configuration, code);
  }

  /** Publishes `$LATEST` as it is now, under the next number. */
  publish(fn: LambdaFunction): Version {
    const version = this.make(fn, String(fn.published.size + 1), fn.latest.configuration, fn.latest.code);
    fn.published.set(version.version, version);
    return version;
  }
}

/** The actions on versions. */
export const versionActions = (functions: FunctionStore, versions: Versions): Record<string, UnboundAction> => ({
  PublishVersion: action(functionMember, {
    resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
    evidence: 'documented',
    run(request) {
      const { fn } = functions.locate(request);
      return functionShape(fn, versions.publish(fn), true);
    },
  }),

  ListVersionsByFunction: action(
    { ...functionMember, ...pageMembers },
    {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence: 'documented',
      run({ FunctionName, ...request }) {
        const { fn } = functions.locate({ FunctionName });
        const { items, rest } = listOf([fn.latest, ...fn.published.values()], request);
        return { Versions: items.map((version) => functionShape(fn, version, true)), ...rest };
      },
    },
  ),
});
