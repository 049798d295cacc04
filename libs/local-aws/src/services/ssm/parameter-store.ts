import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';

interface Parameter {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: number;
}

const TYPES = ['String', 'StringList', 'SecureString'];

/** Parameter Store: the values alone. A SecureString is no secret here. */
export function createParameterStore(world: World): Readonly<Record<string, Action>> {
  const parameters = new Map<string, Parameter>();

  const answer = (parameter: Parameter): JsonObject => {
    const path = parameter.Name.startsWith('/') ? parameter.Name : `/${parameter.Name}`;
    const arn = `arn:aws:ssm:${world.region}:${world.accountId}:parameter${path}`;
    return { ...parameter, ARN: arn, DataType: 'text' };
  };

  return {
    PutParameter({ Name, Value, Type = 'String', Overwrite }) {
      if (typeof Name !== 'string' || !/^[a-zA-Z0-9_.\-/]{1,2048}$/.test(Name)) {
        throw new AwsError(
          'ValidationException',
          `Parameter name ${String(Name)}: only a mix of letters, numbers, . - _ and /.`,
        );
      }
      if (typeof Value !== 'string' || Value === '')
        throw new AwsError('ValidationException', `${Name} needs a Value.`);
      if (!TYPES.includes(String(Type))) {
        throw new AwsError('UnsupportedParameterType', `${String(Type)} is no type; there are ${TYPES.join(', ')}.`);
      }
      const before = parameters.get(Name);
      if (before !== undefined && Overwrite !== true) {
        const message =
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
        throw new AwsError('ParameterAlreadyExists', message);
      }
      const Version = (before?.Version ?? 0) + 1;
      const LastModifiedDate = world.clock.now() / 1000;
      parameters.set(Name, { Name, Value, Type: String(Type), Version, LastModifiedDate });
      return { Version, Tier: 'Standard' };
    },
    GetParameter({ Name }) {
      const parameter = parameters.get(String(Name));
      if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${String(Name)} not found.`);
      return { Parameter: answer(parameter) };
    },
  };
}
