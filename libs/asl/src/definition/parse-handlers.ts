import { type Fields, MAX_INTEGER } from './fields.ts';
import { jsonataTemplate, parseAssign, resultPath } from './parse-data-fields.ts';
import type { Language } from './surroundings.ts';
import type { Catcher, Handlers, Retrier } from './state-machine.ts';

const MAX_DELAY_SECONDS = 31_622_400;

/** Reads Retry and Catch. Defaults and limits as documented: "Handling errors in Step Functions workflows". */
export function parseHandlers(fields: Fields, language: Language): Handlers {
  const retriers = fields.objects('Retry');
  const catchers = fields.objects('Catch');
  return {
    retry: retriers.map((each, index) => parseRetrier(each, index === retriers.length - 1)),
    catch: catchers.flatMap((each, index) => parseCatcher(each, language, index === catchers.length - 1)),
  };
}

function parseRetrier(fields: Fields, last: boolean): Retrier {
  return {
    errorEquals: parseErrorEquals(fields, last),
    intervalSeconds: fields.integer('IntervalSeconds', 0, MAX_INTEGER) ?? 1,
    maxAttempts: fields.integer('MaxAttempts', 0, MAX_INTEGER) ?? 3,
    backoffRate: fields.number('BackoffRate', 1) ?? 2,
    maxDelaySeconds: fields.integer('MaxDelaySeconds', 1, MAX_DELAY_SECONDS),
    jitter: fields.oneOf('JitterStrategy', ['NONE', 'FULL']) === 'FULL',
  };
}

function parseCatcher(fields: Fields, language: Language, last: boolean): Catcher[] {
  const catcher = {
    errorEquals: parseErrorEquals(fields, last, 'Next'),
    resultPath: language === 'JSONPath' ? resultPath(fields) : [],
    output: language === 'JSONata' ? jsonataTemplate(fields, 'Output', ['errorOutput']) : undefined,
    assign: parseAssign(fields, language, ['errorOutput']),
  };
  const next = fields.string('Next');
  return next === undefined ? [] : [{ ...catcher, next }];
}

function parseErrorEquals(fields: Fields, last: boolean, ...alsoRequired: string[]): readonly string[] {
  fields.require('ErrorEquals', ...alsoRequired);
  const names = fields.strings('ErrorEquals') ?? [];
  if (fields.has('ErrorEquals') && names.length === 0) fields.fail('Value cannot be empty', 'ErrorEquals');
  if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    fields.fail('States.ALL must appear alone and at end of list', 'ErrorEquals');
  }
  return names;
}
