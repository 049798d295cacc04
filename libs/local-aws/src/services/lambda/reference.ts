import type { Place } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { optional, required, text, type Check } from '../../kit/reader.ts';

/** A function as a request names it, and which of its versions is meant. */
export interface Reference {
  readonly name: string;
  readonly qualifier: string | undefined;
  /** What an ARN says about where the function lives. */
  readonly place: Partial<Place>;
}

const REFERENCE =
  /^(?:arn:(aws[a-z-]*):lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

const given = text({
  min: 1,
  max: 170,
  pattern: REFERENCE,
  patternText:
    '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?' +
    '(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
});

/** A name, a partial ARN or a whole one, each with or without a qualifier. */
export const functionReference: Check<Reference> = (value, path, reading) => {
  const [, partition, region, accountId, name = '', qualifier] = REFERENCE.exec(given(value, path, reading)) ?? [];
  return {
    name,
    qualifier,
    place: {
      ...(partition !== undefined && { partition }),
      ...(region !== undefined && { region }),
      ...(accountId !== undefined && { accountId }),
    },
  };
};

/** The members of requests about a function, or about one of its versions. */
export const functionMember = { FunctionName: required(functionReference) };
export const versionMembers = {
  ...functionMember,
  Qualifier: optional(text({ min: 1, max: 128, pattern: /\$LATEST|[a-zA-Z0-9-_]+/ })),
};

/** The function's ARN as IAM sees it: where the request does not say, it is the caller's. */
export const functionArn = ({ name, place }: Reference, caller: Place): string =>
  arnOf({ ...caller, ...place }, 'lambda', `function:${name}`);
