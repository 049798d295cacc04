import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, Place, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { flag, required, text, withDefault } from '../../kit/reader.ts';

interface Parameter {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: number;
}

const TYPES = ['String', 'StringList', 'SecureString'];
/** Of a parameter of the standard tier. [documented: Systems Manager User Guide, "Managing parameter tiers"] */
const MAX_VALUE_BYTES = 4096;

/** Parameter Store: the values alone. A SecureString is not encrypted here. */
export function parameterActions(world: World): Record<string, UnboundAction> {
  const evidence = 'documented';
  const parameters = new Map<string, Parameter>();
  const parameterShape = (parameter: Parameter): JsonObject => ({
    ...parameter,
    ARN: parameterArn(parameter.Name, world),
    DataType: 'text',
  });

  return {
    PutParameter: action(
      {
        Name: required(text({ min: 1, max: 2048, pattern: /[a-zA-Z0-9_.\-/]+/ })),
        Value: required(text({ min: 1, max: MAX_VALUE_BYTES, sensitive: true })),
        Type: withDefault(text(), 'String'),
        Overwrite: withDefault(flag, false),
      },
      {
        resources: ({ Name }, caller) => [parameterArn(Name, caller)],
        evidence,
        run({ Name, Value, Type, Overwrite }) {
          if (!TYPES.includes(Type)) {
            throw new AwsError('UnsupportedParameterType', `${Type} is not a type; there are ${TYPES.join(', ')}.`);
          }
          const before = parameters.get(Name);
          if (before !== undefined && !Overwrite) {
            const message =
              'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
            throw new AwsError('ParameterAlreadyExists', message);
          }
          const Version = (before?.Version ?? 0) + 1;
          parameters.set(Name, { Name, Type, Value, Version, LastModifiedDate: world.clock.now() / 1000 });
          return { Version, Tier: 'Standard' };
        },
      },
    ),

    GetParameter: action(
      { Name: required(text({ min: 1 })) },
      {
        resources: ({ Name }, caller) => [parameterArn(Name, caller)],
        evidence,
        run({ Name }) {
          const parameter = parameters.get(Name);
          if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
          return { Parameter: parameterShape(parameter) };
        },
      },
    ),
  };
}

const parameterArn = (name: string, place: Place): string =>
  arnOf(place, 'ssm', `parameter${name.startsWith('/') ? name : `/${name}`}`);
