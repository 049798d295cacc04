import { AwsError } from '../../kernel/aws-error.ts';
import { isJsonObject } from '../../kit/json-object.ts';

type Step = string | number;
export type EventPath = (event: unknown) => unknown;

const STEP = /\.([\w-]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/**
 * The JSONPath of InputPath and InputPathsMap: `$`, members and indexes. The path returns undefined where the event has nothing.
 * @throws {AwsError} ValidationException
 */
export function compilePath(path: string, member: string): EventPath {
  const steps = parse(path);
  if (steps === undefined) {
    throw new AwsError(
      'ValidationException',
      `Parameter ${member} is not valid. Reason: ${path} is not a path like $.detail.state or $.resources[0].`,
    );
  }
  return (event) => steps.reduce(descend, event);
}

function parse(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  for (let position = 1; position < path.length;) {
    STEP.lastIndex = position;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    const [whole, name, index, quoted, doubleQuoted = ''] = match;
    steps.push(index === undefined ? (name ?? quoted ?? doubleQuoted) : Number(index));
    position += whole.length;
  }
  return steps;
}

function descend(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
