import { expect, it } from 'vitest';
import { createStateMachineStore, publishVersion, type Revision } from './state-machine-store.ts';

const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';

const revision = (updateDate: number): Revision => ({
  id: undefined,
  definition: '',
  machine: { flow: { startAt: '', states: new Map() }, timeoutSeconds: undefined },
  roleArn: '',
  loggingConfiguration: {},
  tracingConfiguration: {},
  encryptionConfiguration: undefined,
  updateDate,
});

it.each([
  [0, 1],
  [0.299, 1],
  [0.3, 2],
  [0.999, 2],
])('an alias leads the chance %d to version %d of 30 : 70', (chance, number) => {
  const store = createStateMachineStore();
  const machine = store.add({ arn, name: 'm', type: 'STANDARD', revision: revision(0), tags: new Map() });
  for (const count of [1, 2]) {
    machine.revision = revision(count);
    publishVersion(machine, undefined, 0);
  }
  const routes = [
    { stateMachineVersionArn: `${arn}:1`, weight: 30 },
    { stateMachineVersionArn: `${arn}:2`, weight: 70 },
  ];
  const alias = { arn: `${arn}:live`, name: 'live', creationDate: 0, updateDate: 0, description: undefined, routes };
  machine.aliases.set(alias.arn, alias);
  expect(store.resolve(`${arn}:live`, chance).version?.arn).toBe(`${arn}:${number}`);
});
