/** The world of a console by AWS's own clients: an account of AWS, and a local AWS alike. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { connectOperator, operatorClientOptions, type OperatorConnectionOptions } from '@baton/token-lib/aws';
import type { ConsoleWorld } from './console-world.ts';
import { factGatherer } from './gather-facts.ts';
import { stepFunctions } from './executions/step-functions.ts';

export interface WorldOptions
  extends
    Omit<OperatorConnectionOptions, 'tableName'>,
    Pick<ConsoleWorld, 'place' | 'now' | 'watch' | 'pollMillis' | 'local'> {
  /** Who acts, for the records; STS may tell the ARN behind the credentials. */
  readonly who: (callerArn: () => Promise<string | undefined>) => Promise<string>;
}

export function connectWorld(options: WorldOptions): ConsoleWorld & { close(): void } {
  const { place, now, who, watch, pollMillis, local, ...connection } = options;
  const { repeatable } = operatorClientOptions(connection);
  const callbacks = place.table === undefined ? undefined : connectOperator({ ...connection, tableName: place.table });
  const sfn = new SFNClient(repeatable);
  const facts =
    callbacks &&
    factGatherer({
      clients: repeatable,
      store: callbacks.store,
      prefix: place.table?.replace(/-callbacks$/, '') ?? '',
      now,
    });
  return {
    place,
    now,
    who: () => who(async () => callbacks?.callerArn()),
    watch,
    pollMillis,
    local,
    callbacks,
    stepFunctions: stepFunctions(sfn, now),
    facts,
    close() {
      callbacks?.close();
      facts?.close();
      sfn.destroy();
    },
  };
}
