import { expect, it } from 'vitest';
import { createStateMachineStore, type Revision, type StateMachine, type Version } from './state-machine-store.ts';

const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';

it.each([
  [0, 1],
  [0.299, 1],
  [0.3, 2],
  [0.999, 2],
])('an alias leads the chance %d to version %d of 30 : 70', (chance, number) => {
  const version = (count: number): [string, Version] => {
    const revision = { definition: `${count}` } as Revision;
    return [`${arn}:${count}`, { arn: `${arn}:${count}`, description: undefined, creationDate: 0, revision }];
  };
  const routes = [
    { stateMachineVersionArn: `${arn}:1`, weight: 30 },
    { stateMachineVersionArn: `${arn}:2`, weight: 70 },
  ];
  const store = createStateMachineStore();
  const alias = { arn: `${arn}:live`, name: 'live', creationDate: 0, updateDate: 0, description: undefined, routes };
  store.byArn.set(arn, {
    versions: new Map([version(1), version(2)]),
    aliases: new Map([[alias.arn, alias]]),
  } as unknown as StateMachine);
  expect(store.resolve(`${arn}:live`, chance).version?.arn).toBe(`${arn}:${number}`);
});
