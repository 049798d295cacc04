import { describe, expect, it } from 'vitest';
import { lintText } from '../lint-text.ts';

const definition = (resource: string): string =>
  JSON.stringify(
    {
      Comment: 'Größe "quoted" \\ back\tslash 😀',
      StartAt: 'Wait',
      States: {
        Wait: {
          Type: 'Task',
          Resource: resource,
          Parameters: { 'MessageBody.$': '$$.Task.Token' },
          TimeoutSeconds: 9,
          End: true,
        },
      },
    },
    null,
    2,
  );
const WAITING = definition('arn:aws:states:::sqs:sendMessage.waitForTaskToken');

const machine = (address: string, values: object): object => ({ address, type: 'aws_sfn_state_machine', values });
const plan = (resources: readonly object[], inner: readonly object[] = []): string =>
  JSON.stringify({
    format_version: '1.2',
    planned_values: { root_module: { resources, child_modules: [{ child_modules: [{ resources: inner }] }] } },
  });
const logging = (level: string, include_execution_data: boolean): object => ({
  logging_configuration: [{ level, include_execution_data }],
});
const lint = (text: string): readonly string[] =>
  lintText({ file: 'plan.json', text }).findings.map(({ machine, state, rule }) => [machine, state, rule].join(' '));

describe('a plan', () => {
  it('shows its machines, those of modules too, with their types', () => {
    const text = plan(
      [machine('aws_sfn_state_machine.a', { definition: WAITING, type: 'STANDARD' }), { type: 'aws_sqs_queue' }],
      [machine('module.m.aws_sfn_state_machine.b', { definition: WAITING, type: 'EXPRESS' })],
    );
    expect(lint(text)).toEqual(['module.m.aws_sfn_state_machine.b Wait callback-in-express']);
    expect(lintText({ file: 'plan.json', text }).definitions).toBe(2);
  });

  it.each([
    ['ALL', true, ['a Wait token-in-log']],
    ['ALL', false, []],
    ['ERROR', true, []],
    ['OFF', true, []],
  ])('logs at %s, execution data %s', (level, include, findings) => {
    expect(lint(plan([machine('a', { definition: WAITING, ...logging(level, include) })]))).toEqual(findings);
  });

  it('places a finding at its characters in the plan, within escapes', () => {
    const text = plan([machine('a', { definition: WAITING, ...logging('ALL', true) })]);
    const [finding] = lintText({ file: 'plan.json', text }).findings;
    expect(finding?.start.line).toBe(1);
    expect(text.slice(finding!.start.column - 1, finding!.end.column - 1)).toBe('\\"$$.Task.Token\\"');
  });

  it('says which definition is known after apply', () => {
    expect(lint(plan([machine('a', { type: 'STANDARD' })]))).toEqual(['a  definition-unknown']);
  });

  it('says which definition is not JSON', () => {
    const text = plan([machine('aws_sfn_state_machine.a', { definition: '{\n"StartAt" }' })]);
    const { problems } = lintText({ file: 'plan.json', text });
    expect(problems).toEqual([
      {
        exitCode: 65,
        message: expect.stringMatching(
          /^plan\.json:1:\d+: the definition of aws_sfn_state_machine\.a is not JSON: colon expected$/,
        ) as string,
      },
    ]);
  });

  it('may have no machine, and a state is read as a plan is', () => {
    expect(lintText({ file: 'plan.json', text: plan([]) })).toMatchObject({
      findings: [],
      definitions: 0,
      problems: [],
    });
    const state = {
      format_version: '1.0',
      values: { root_module: { resources: [machine('a', { definition: WAITING, type: 'EXPRESS' })] } },
    };
    expect(lint(JSON.stringify(state))).toEqual(['a Wait callback-in-express']);
  });
});
