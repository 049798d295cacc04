import { type Case, checkRules, TOKEN, waiting } from './check-rules.ts';
import { definitionRule } from './definition.ts';

const cases: readonly Case[] = [
  {
    rule: 'definition',
    when: 'the target is missing',
    state: waiting({ Catch: [{ ErrorEquals: ['A'], Next: 'Nowhere' }] }),
    found: 'error',
  },
  {
    rule: 'definition',
    when: 'a path is forgotten',
    state: waiting({ Parameters: { Payload: TOKEN, FunctionName: '$.name' } }),
    found: 'warning',
  },
  { rule: 'definition', when: 'it is right', state: waiting({}) },
  {
    rule: 'definition',
    when: 'a placeholder may be right',
    state: waiting({ Resource: 'arn:aws:states:::${service}.waitForTaskToken' }),
  },
  {
    rule: 'definition',
    when: 'a placeholder is the target',
    state: waiting({ Catch: [{ ErrorEquals: ['A'], Next: '${next}' }] }),
  },
];

checkRules([definitionRule], cases);
