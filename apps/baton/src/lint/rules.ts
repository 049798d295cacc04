import type { Rule, RuleText } from './rule.ts';
import { definitionRule } from './rules/definition.ts';
import { errorRules } from './rules/error-rules.ts';
import { timeRules } from './rules/time-rules.ts';
import { tokenRules } from './rules/token-rules.ts';
import { silenceRule } from './silence.ts';
import { unknownDefinitionRule } from './terraform-plan.ts';

/** The rules that look at one state after the other. */
export const stateRules: readonly Rule[] = [...timeRules, ...errorRules, ...tokenRules];

/** Every rule that a finding can name. */
export const allRules: readonly RuleText[] = [...stateRules, definitionRule, unknownDefinitionRule, silenceRule];
