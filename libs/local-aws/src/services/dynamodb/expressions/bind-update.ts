import { type AttributeValue, type TypeName, typeOf } from '../attribute-value.ts';
import { bindOperand, operandCount, operandType, pathRequired } from './bind-condition.ts';
import { refuseOverlaps } from './document-paths.ts';
import { parseUpdate, type WrittenUpdate } from './parse-update.ts';
import { type Placeholders, refuseReservedWords } from './placeholders.ts';
import { remembered } from './remembered.ts';
import {
  type Bound,
  type Call,
  type Change,
  ExpressionProblem,
  type Operand,
  type Path,
  type Written,
} from './syntax.ts';

const FUNCTIONS: readonly string[] = ['if_not_exists', 'list_append', '+', '-'];
const OPERANDS = 2;

/**
 * Returns the changes of an update expression, ready to be applied. What AWS finds wrong first it says first (recorded): syntax,
 * reserved words, unknown functions, repeated sections, undefined names and values, paths, types of values, functions.
 * @throws {ExpressionProblem}
 */
export function bindUpdate(expression: string, placeholders: Placeholders): Change<Bound>[] {
  const changes = bindChanges(checkedUpdate(expression), placeholders);
  refuseOverlaps(changes.map(({ path }) => path));
  for (const change of changes) refuseValueType(change);
  for (const change of changes) {
    if (change.section === 'SET') for (const call of callsIn(change.operand)) refuseArguments(call);
  }
  return changes;
}

const checkedUpdate = remembered((expression) => {
  const update = parseUpdate(expression);
  const calls = update.changes.flatMap((change) => (change.section === 'SET' ? callsIn(change.operand) : []));
  for (const path of update.changes.flatMap(pathsIn)) refuseReservedWords(path);
  for (const { name } of calls) {
    if (!FUNCTIONS.includes(name)) throw new ExpressionProblem(`Invalid function name; function: ${name}`);
  }
  refuseRepeatedSections(update);
  return update;
});

/** Inner calls come first, as they are read. */
const callsIn = <F extends Written | Bound>(operand: Operand<F>): Call<F>[] =>
  operand.kind === 'call' ? [...operand.arguments.flatMap((argument) => callsIn(argument)), operand] : [];

const pathsIn = (change: Change<Written>): Path[] => [
  change.path,
  ...(change.section === 'SET' ? operandPaths(change.operand) : []),
];

const operandPaths = (operand: Operand<Written>): Path[] => {
  if (operand.kind === 'path') return [operand.path];
  return operand.kind === 'call' ? operand.arguments.flatMap(operandPaths) : [];
};

function refuseRepeatedSections({ sections }: WrittenUpdate): void {
  const repeated = sections.find((section, index) => sections.indexOf(section) < index);
  if (repeated === undefined) return;
  throw new ExpressionProblem(`The "${repeated}" section can only be used once in an update expression;`);
}

/** Undefined names come before undefined values, wherever they are. */
function bindChanges({ changes }: WrittenUpdate, placeholders: Placeholders): Change<Bound>[] {
  for (const path of changes.flatMap(pathsIn)) placeholders.path(path);
  return changes.map((change) => {
    const path = placeholders.path(change.path);
    if (change.section === 'REMOVE') return { section: change.section, path };
    if (change.section === 'SET') {
      return { section: change.section, path, operand: bindOperand(change.operand, placeholders) };
    }
    return { section: change.section, path, value: placeholders.value(change.value) };
  });
}

const LONG_NAMES: Readonly<Partial<Record<TypeName, string>>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/** ADD takes numbers and sets, DELETE sets. */
function refuseValueType(change: Change<Bound>): void {
  if (change.section !== 'ADD' && change.section !== 'DELETE') return;
  const type = typeOf(change.value);
  const longName = LONG_NAMES[type];
  if (longName === undefined || (change.section === 'ADD' && type === 'N')) return;
  throw new ExpressionProblem(
    `Incorrect operand type for operator or function; operator: ${change.section}, operand type: ${longName}`,
  );
}

function refuseArguments({ name, arguments: list }: Call<Bound>): void {
  if (list.length !== OPERANDS) throw operandCount(name, list.length);
  if (name === 'if_not_exists') {
    if (list[0]?.kind !== 'path') throw pathRequired(name);
    return;
  }
  const wanted = name === 'list_append' ? 'L' : 'N';
  for (const argument of list) {
    // Recorded by Alternator's suite: of all functions, this one takes no call of itself.
    if (argument.kind === 'call' && argument.name === 'list_append') {
      throw new ExpressionProblem(
        'The function is not allowed to be used this way in an expression; function: list_append',
      );
    }
    const value: AttributeValue | undefined = argument.kind === 'value' ? argument.value : undefined;
    if (value !== undefined && !(wanted in value)) throw operandType(name, typeOf(value));
  }
}
