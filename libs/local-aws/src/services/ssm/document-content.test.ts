import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/service.ts';
import { parseDocumentContent } from './document-content.ts';

const STEP = { action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['true'] } };
const withParameter = (parameter: JsonObject): JsonObject => ({
  schemaVersion: '2.2',
  parameters: { name: parameter },
  mainSteps: [STEP],
});
const withStep = (step: JsonObject): JsonObject => ({ schemaVersion: '2.2', mainSteps: [{ ...STEP, ...step }] });

describe('a document', () => {
  it('is read with its parameters and steps', () => {
    const content = withParameter({ type: 'String', allowedPattern: '^a+$', interpolationType: 'ENV_VAR' });
    expect(parseDocumentContent(JSON.stringify(content))).toEqual(content);
  });

  const refusals: [string, unknown, string, RegExp][] = [
    ['no object', [], 'InvalidDocumentContent', /must be an object/],
    ['no schema version', { mainSteps: [STEP] }, 'InvalidDocumentContent', /schemaVersion/],
    ['an old schema', { schemaVersion: '1.2', mainSteps: [STEP] }, 'InvalidDocumentSchemaVersion', /1\.2/],
    ['no steps', { schemaVersion: '2.2', mainSteps: [] }, 'InvalidDocumentContent', /mainSteps/],
    ['another action', withStep({ action: 'aws:runDocument' }), 'InvalidDocumentContent', /aws:runDocument/],
    ['a step without a name', withStep({ name: '' }), 'InvalidDocumentContent', /mainSteps\[0\]/],
    ['a step without a script', withStep({ inputs: {} }), 'InvalidDocumentContent', /runCommand/],
    ['an unknown onFailure', withStep({ onFailure: 'retry' }), 'InvalidDocumentContent', /onFailure/],
    ['twice the same name', { schemaVersion: '2.2', mainSteps: [STEP, STEP] }, 'InvalidDocumentContent', /Two steps/],
    [
      'a reference to nothing',
      withStep({ inputs: { runCommand: ['echo {{ missing }}'] } }),
      'InvalidDocumentContent',
      /missing/,
    ],
    ['a parameter without a type', withParameter({}), 'InvalidDocumentContent', /parameters\.name\.type is missing/],
    [
      'a broken pattern',
      withParameter({ type: 'String', allowedPattern: '(' }),
      'InvalidDocumentContent',
      /allowedPattern/,
    ],
    [
      'an environment variable of lists',
      withParameter({ type: 'StringList', interpolationType: 'ENV_VAR' }),
      'InvalidDocumentContent',
      /interpolationType/,
    ],
  ];
  it.each(refusals)('with %s is refused', (_, content, code, message) => {
    const refused = expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;
    expect(() => parseDocumentContent(JSON.stringify(content))).toThrow(refused);
  });

  it('that is not JSON is refused', () => {
    expect(() => parseDocumentContent('schemaVersion: "2.2"')).toThrow(/not JSON/);
  });

  it('over 64 KB is refused', () => {
    const content = JSON.stringify(withStep({ inputs: { runCommand: ['#'.repeat(65_536)] } }));
    expect(() => parseDocumentContent(content)).toThrow(/65536/);
  });
});
