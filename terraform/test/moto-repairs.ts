/** What moto 5.2.1 does not answer and the AWS provider asks for. */

const answers: Readonly<Record<string, unknown>> = {
  // moto answers 500, and the provider tries again for ten minutes.
  'AWSStepFunctions.ValidateStateMachineDefinition': { result: 'OK', diagnostics: [] },
  'AWSStepFunctions.ListStateMachineVersions': { stateMachineVersions: [] },
};

/** The answer to give without asking moto, if there is one for this operation. */
export const answerInstead = (target: string | undefined): unknown =>
  target === undefined ? undefined : answers[target];
