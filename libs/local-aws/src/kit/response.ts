import { AwsError } from '../kernel/aws-error.ts';
import type { JsonObject } from '../kernel/service.ts';
import { read, type Dialect, type Members, type Shape } from './reader.ts';

const failure = (path: string): AwsError =>
  new AwsError('InternalFailure', `A response lacks a usable ${path}, which is a bug here.`, 500);

const responses: Dialect = {
  wrongType: failure,
  refuse: (violations) => failure(violations.map(({ path }) => path).join(', ')),
};

/** The members of another service's response that the caller reads, typed. @throws {AwsError} InternalFailure */
export const readResponse = <S extends Shape>(shape: S, response: JsonObject): Members<S> =>
  read(responses, shape, response);
