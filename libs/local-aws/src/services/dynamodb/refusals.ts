import { AwsError } from '../../kernel/aws-error.ts';

/** Refusals that several actions share. Each text is recorded: by dynalite's or Alternator's suite where nothing else is said. */
export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** The texts that begin with "One or more parameter values were invalid". */
export const invalidParameters = (message: string): AwsError =>
  invalid(`One or more parameter values were invalid: ${message}`);

export const notSerializable = (message: string): AwsError => new AwsError('SerializationException', message);

/** Where an action reads or writes items; the actions on tables name the table. */
export const noResource = (table?: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    table === undefined ? 'Requested resource not found' : `Requested resource not found: Table: ${table} not found`,
  );
