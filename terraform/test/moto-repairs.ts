/** What moto 5.2.1 gets wrong and breaks the AWS provider. */

const answers: Readonly<Record<string, unknown>> = {
  // moto responds with 500, and the provider retries for ten minutes.
  'AWSStepFunctions.ValidateStateMachineDefinition': { result: 'OK', diagnostics: [] },
  'AWSStepFunctions.ListStateMachineVersions': { stateMachineVersions: [] },
};

/** @returns the response to give without asking moto, if there is one for this operation */
export const answerInstead = (target: string | undefined): unknown =>
  target === undefined ? undefined : answers[target];

/** Turns moto's response into what AWS would have returned. */
export type Repair = (text: string) => string;

/** moto resolves the alias that a mapping names to a version; AWS keeps what was asked for. */
export function mappingRepairs(): (path: string, asked: string) => Repair | undefined {
  const aliases = new Map<string, string>();
  return (path, asked) => {
    if (!path.startsWith('/2015-03-31/event-source-mappings')) return undefined;
    const alias = /"FunctionName":"([^"]+)"/.exec(asked)?.[1];
    return (text) => {
      const id = /"UUID": ?"([^"]+)"/.exec(text)?.[1];
      if (id === undefined) return text;
      if (alias !== undefined) aliases.set(id, alias);
      return text.replace(/"FunctionArn": ?"[^"]+"/, `"FunctionArn":"${aliases.get(id) ?? ''}"`);
    };
  };
}

/** moto returns a queue's redrive policy with other white space, which the provider takes for a change. */
export const redriveRepair: Repair = (text) =>
  text.replace(
    /"RedrivePolicy": ?"((?:[^"\\]|\\.)*)"/g,
    (_, policy: string) => `"RedrivePolicy":"${policy.replace(/\s+/g, '')}"`,
  );
