/** How families of AWS services refuse requests whose members are malformed. [recorded where a scenario shows it, else documented] */
import { AwsError } from '../kernel/aws-error.ts';
import type { Dialect, Rule, TypeName, Violation } from './reader.ts';

interface CoralOptions {
  /** The code of the refusal: `ValidationException` in JSON services, `ValidationError` in IAM and STS. */
  readonly code?: string;
  /** Violations name members with a small first letter, whatever the API model spells. */
  readonly lowerFirst?: boolean;
  readonly untyped?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Most services: every violation of a request in one refusal, "2 validation errors detected: Value ... at ... failed to satisfy
 * constraint: Member must ...".
 */
export function coral({
  code = 'ValidationException',
  lowerFirst,
  untyped = false,
  details,
}: CoralOptions = {}): Dialect {
  const constraint = ({ path, value, rule, sensitive, says }: Violation): string => {
    const name = lowerFirst ? path.charAt(0).toLowerCase() + path.slice(1) : path;
    return `Value ${shown(value, sensitive)}at '${name}' failed to satisfy constraint: ${says ?? words(rule)}`;
  };
  return {
    untyped,
    wrongType: (path, value, wanted) => serialization(value, wanted),
    refuse(violations) {
      const count = `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected: `;
      return new AwsError(code, count + violations.map(constraint).join('; '), 400, details);
    },
  };
}

/** AWS IAM and AWS STS. */
export const identity: Dialect = coral({ code: 'ValidationError', lowerFirst: true, untyped: true });

/** Amazon SQS, by its JSON protocol: one violation at a time; empty text is as good as none. [recorded: an empty MessageBody] */
export const sqs: Dialect = {
  wrongType: (_path, value, wanted) => serialization(value, wanted),
  refuse: ([first]) =>
    missing(
      first?.rule.kind === 'minLength' && first.value === '' ? { ...first, rule: { kind: 'required' } } : first,
    ) ?? new AwsError('InvalidParameterValue', `Value ${told(first)} is invalid. Reason: ${reason(first)}`),
};

/** Amazon SNS: `InvalidParameter`, one violation at a time. */
export const sns: Dialect = {
  untyped: true,
  wrongType: (path, _value, wanted) => invalidParameter(`${path} Reason: must be ${article(wanted)}`),
  refuse: ([first]) =>
    invalidParameter(
      first?.rule.kind === 'required'
        ? `${first.path} Reason: no value for required parameter`
        : `${first?.path ?? ''} Reason: ${reason(first)}`,
    ),
};

const invalidParameter = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** Amazon EC2: `MissingParameter` and `InvalidParameterValue`, one violation at a time. */
export const ec2: Dialect = {
  untyped: true,
  wrongType: (path, value, wanted) =>
    new AwsError('InvalidParameterValue', `Invalid value '${String(value)}' for ${path}. Must be ${article(wanted)}.`),
  refuse: ([first]) =>
    missing(first) ??
    new AwsError(
      'InvalidParameterValue',
      `Invalid value '${String(first?.value)}' for ${first?.path}. ${reason(first)}`,
    ),
};

/** Amazon S3: `InvalidArgument`, and a name of its own for what names no bucket. */
export const s3: Dialect = {
  wrongType: (path, _value, wanted) => new AwsError('InvalidArgument', `${path} must be ${article(wanted)}`),
  refuse: ([first]) =>
    first?.path === 'Bucket'
      ? new AwsError('InvalidBucketName', 'The specified bucket is not valid.')
      : new AwsError('InvalidArgument', `Invalid ${first?.path}: ${reason(first)}`),
};

/** Amazon API Gateway: `BadRequestException`. */
export const apiGateway: Dialect = {
  wrongType: (path, _value, wanted) => new AwsError('BadRequestException', `${path} must be ${article(wanted)}`),
  refuse: ([first]) => new AwsError('BadRequestException', `Invalid ${first?.path}: ${reason(first)}`),
};

function missing(violation: Violation | undefined): AwsError | undefined {
  if (violation?.rule.kind !== 'required') return undefined;
  return new AwsError('MissingParameter', `The request must contain the parameter ${violation.path}.`);
}

const told = (violation: Violation | undefined): string =>
  `${String(violation?.value)} for parameter ${violation?.path}`;

const reason = (violation: Violation | undefined): string =>
  violation === undefined ? '' : (violation.says ?? words(violation.rule));

/** The value as Coral services repeat it, with a space behind it. */
function shown(value: unknown, sensitive: boolean): string {
  if (value === undefined || value === null) return 'null ';
  if (sensitive) return '';
  return `'${typeof value === 'string' ? value : JSON.stringify(value)}' `;
}

function words(rule: Rule): string {
  switch (rule.kind) {
    case 'required':
      return 'Member must not be null';
    case 'minLength':
      return `Member must have length greater than or equal to ${rule.limit}`;
    case 'maxLength':
      return `Member must have length less than or equal to ${rule.limit}`;
    case 'minValue':
      return `Member must have value greater than or equal to ${rule.limit}`;
    case 'maxValue':
      return `Member must have value less than or equal to ${rule.limit}`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${rule.pattern}`;
    case 'oneOf':
      return `Member must satisfy enum value set: [${rule.values.join(', ')}]`;
  }
}

/** What the deserialiser of the JSON protocols says. */
function serialization(value: unknown, wanted: TypeName): AwsError {
  const found = Array.isArray(value) ? 'LIST' : `${typeof value}`.toUpperCase();
  return new AwsError('SerializationException', `${found}_VALUE can not be converted to a ${wanted}`);
}

const article = (wanted: TypeName): string =>
  ({
    String: 'a string',
    Number: 'an integer',
    Boolean: 'a boolean',
    Blob: 'a blob',
    List: 'a list',
    Map: 'a map',
    Structure: 'a structure',
  })[wanted];
