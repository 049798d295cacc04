import type { Fields } from './fields.ts';
import type { Language } from './surroundings.ts';

/** The fields of each type of state, as ValidateStateMachineDefinition accepts them. */
const ALLOWED: Readonly<Record<string, string>> = {
  Pass: 'InputPath OutputPath Result ResultPath Parameters Output Assign Next End',
  Task:
    'InputPath OutputPath ResultPath Parameters Arguments Output Assign Resource Credentials ResultSelector Retry Catch ' +
    'TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath Next End',
  Wait: 'InputPath OutputPath Output Assign Seconds Timestamp SecondsPath TimestampPath Next End',
  Parallel:
    'InputPath OutputPath ResultPath Parameters Arguments Output Assign ResultSelector Retry Catch Branches Next End',
  Map:
    'InputPath OutputPath ResultPath Parameters Output Assign ResultSelector Retry Catch ItemProcessor Iterator ItemsPath Items ' +
    'ItemSelector ItemReader ItemBatcher ResultWriter MaxConcurrency MaxConcurrencyPath ToleratedFailurePercentage ' +
    'ToleratedFailurePercentagePath ToleratedFailureCount ToleratedFailureCountPath Label Next End',
  Choice: 'InputPath OutputPath Output Assign Choices Default',
  Succeed: 'InputPath OutputPath Output',
  Fail: 'Error Cause ErrorPath CausePath',
};

const EVERYWHERE = ['Type', 'Comment', 'QueryLanguage'];

const allowed = new Map(
  Object.entries(ALLOWED).map(([type, names]) => [type, new Set([...names.split(' '), ...EVERYWHERE])]),
);

/** Fields that only one query language has. */
const ONLY_IN = {
  JSONata: ['Output', 'Arguments', 'Items'],
  JSONPath: [
    'InputPath',
    'OutputPath',
    'ResultPath',
    'Parameters',
    'ResultSelector',
    'Result',
    'ItemsPath',
    'TimeoutSecondsPath',
    'HeartbeatSecondsPath',
    'SecondsPath',
    'TimestampPath',
    'MaxConcurrencyPath',
    'ToleratedFailurePercentagePath',
    'ToleratedFailureCountPath',
    'ErrorPath',
    'CausePath',
  ],
} as const;

/** Notes every field that a state of this type does not have. */
export function checkAllowedFields(fields: Fields, type: string): void {
  const known = allowed.get(type);
  if (known) fields.refuse(fields.names().filter((name) => !known.has(name)));
}

/** Notes every field of `names` (by default, those of the other query language) that the object has. */
export function checkLanguageFields(
  fields: Fields,
  language: Language,
  names: readonly string[] = fieldsOfOther(language),
): void {
  const other = language === 'JSONPath' ? 'JSONata' : 'JSONPath';
  for (const name of names) {
    if (!fields.has(name)) continue;
    fields.fail(
      `The QueryLanguage is set to '${language}', but field '${name}' is only supported for the '${other}' QueryLanguage`,
    );
  }
}

const fieldsOfOther = (language: Language): readonly string[] =>
  ONLY_IN[language === 'JSONPath' ? 'JSONata' : 'JSONPath'];
