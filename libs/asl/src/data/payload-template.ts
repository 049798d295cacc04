import type { Json } from '../protocol.ts';
import { DefinitionProblem, type Note } from './definition-problem.ts';
import { type Expression, evaluateExpression, parseExpression } from './expression.ts';
import type { ExpressionScope } from './intrinsic-call.ts';

/**
 * The value of Parameters, ResultSelector, ItemSelector or Assign: JSON in which members whose names end in `.$` are expressions.
 * Parsed once, evaluated for every execution.
 */
export type PayloadTemplate =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'array'; readonly items: readonly PayloadTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly Member[] };

type Member =
  | { readonly name: string; readonly template: PayloadTemplate }
  | { readonly name: string; readonly field: string; readonly expression: Expression };

/** Notes each member ending in `.$` that is not an expression, at the place of the object that holds it. */
export function parsePayloadTemplate(json: Json, note: Note, place = ''): PayloadTemplate {
  if (json === null || typeof json !== 'object') return { kind: 'constant', value: json };
  if (Array.isArray(json)) {
    const items = json.map((item, index) => parsePayloadTemplate(item, note, `${place}[${index}]`));
    return items.every(isConstant) ? { kind: 'constant', value: json } : { kind: 'array', items };
  }
  const members = Object.entries(json).map(([name, value]) => parseMember(name, value, note, place));
  const constant = members.every((member) => 'template' in member && isConstant(member.template));
  return constant ? { kind: 'constant', value: json } : { kind: 'object', members };
}

const isConstant = (template: PayloadTemplate): boolean => template.kind === 'constant';

function parseMember(field: string, value: Json, note: Note, place: string): Member {
  if (!field.endsWith('.$')) return { name: field, template: parsePayloadTemplate(value, note, `${place}/${field}`) };
  try {
    if (typeof value !== 'string') throw new SyntaxError('not a string');
    return { name: field.slice(0, -2), field, expression: parseExpression(value) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
    note(new DefinitionProblem(message, undefined, place));
    return { name: field, template: { kind: 'constant', value: null } };
  }
}

/** @throws {DataFailure} when an expression fails */
export function fillTemplate(template: PayloadTemplate, scope: ExpressionScope): Json {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'array':
      return template.items.map((item) => fillTemplate(item, scope));
    case 'object':
      return Object.fromEntries(template.members.map((member) => [member.name, fillMember(member, scope)]));
  }
}

const fillMember = (member: Member, scope: ExpressionScope): Json =>
  'template' in member
    ? fillTemplate(member.template, scope)
    : evaluateExpression(member.expression, member.field, scope);
