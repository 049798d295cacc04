import { describe, expect, it } from 'vitest';
import type { Json } from '../../kernel/service.ts';
import type { DocumentContent, DocumentParameter } from './document-content.ts';
import type { ParameterValues } from './parameter-values.ts';
import { executionTimeout, renderDocument } from './render-steps.ts';

const render = (runCommand: Json, parameters: Record<string, DocumentParameter>, values: ParameterValues) => {
  const document: DocumentContent = {
    schemaVersion: '2.2',
    parameters,
    mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand } }],
  };
  const { steps, environment } = renderDocument(document, values);
  const [step] = steps;
  return { script: step?.kind === 'script' ? step.script : undefined, environment };
};

describe('a script', () => {
  it('gets a value as text, wherever it stands', () => {
    const { script } = render(['echo {{ a }}-{{a}}', 'done'], { a: { type: 'String' } }, { a: '$x' });
    expect(script).toBe('echo $x-$x\ndone\n');
  });

  it('is the list itself where a reference is all there is', () => {
    const { script } = render('{{ commands }}', { commands: { type: 'StringList' } }, { commands: ['one', 'two'] });
    expect(script).toBe('one\ntwo\n');
  });

  it('gets a list within text as JSON', () => {
    const { script } = render(["echo '{{ a }}'"], { a: { type: 'StringList' } }, { a: ['1', '2'] });
    expect(script).toBe(`echo '["1","2"]'\n`);
  });

  it('never holds a value that is passed by the environment', () => {
    const parameters: Record<string, DocumentParameter> = { id: { type: 'String', interpolationType: 'ENV_VAR' } };
    const rendered = render(['echo "{{ id }}" "$SSM_id"'], parameters, { id: '"; rm -rf /' });
    expect(rendered).toEqual({ script: 'echo "${SSM_id}" "$SSM_id"\n', environment: { SSM_id: '"; rm -rf /' } });
  });
});

describe('an execution timeout', () => {
  const cases: [Json, number][] = [
    ['60', 60],
    [60, 60],
    ['5', 5],
    ['172800', 172_800],
    ['7.9', 7],
    ['4', 3600],
    ['172801', 3600],
    ['', 3600],
    ['soon', 3600],
    [null, 3600],
  ];
  it.each(cases)('of %j is %i seconds', (value, seconds) => {
    expect(executionTimeout(value)).toBe(seconds);
  });
});
