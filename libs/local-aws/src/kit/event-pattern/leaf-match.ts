import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { AwsError } from '../../kernel/aws-error.ts';

/** Text that is not a pattern. EventBridge refuses it as it is, SNS takes the reason into words of its own. */
export class InvalidPattern extends AwsError {
  readonly reason: string;

  constructor(reason: string) {
    super('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
    this.reason = reason;
  }
}

export type LeafMatch =
  { readonly kind: 'absent' } | { readonly kind: 'value'; readonly matches: (value: unknown) => boolean };

type Matches = (value: unknown) => boolean;

/**
 * One entry of a pattern's list: a value to equal, or `{ "<match type>": <operand> }`.
 * @throws {InvalidPattern}
 */
export function compileLeaf(entry: unknown): LeafMatch {
  if (entry === null || typeof entry !== 'object') return { kind: 'value', matches: (value) => value === entry };
  const [type, operand] = onlyEntry(entry);
  if (type === 'exists') {
    if (typeof operand !== 'boolean') throw new InvalidPattern('exists match pattern must be either true or false.');
    return operand ? { kind: 'value', matches: () => true } : { kind: 'absent' };
  }
  return { kind: 'value', matches: compileMatch(type, operand) };
}

function onlyEntry(value: object): [string, unknown] {
  const [only, ...more] = Object.entries<unknown>({ ...value });
  if (Array.isArray(value) || only === undefined) {
    throw new InvalidPattern('Match value must be String, number, true, false, or null');
  }
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  return only;
}

function compileMatch(type: string, operand: unknown): Matches {
  switch (type) {
    case 'prefix':
    case 'suffix':
      return compileEnd(type, operand);
    case 'equals-ignore-case': {
      const wanted = text(type, operand).toLowerCase();
      return ifText((value) => value.toLowerCase() === wanted);
    }
    case 'wildcard':
      return ifText(compileWildcard(text(type, operand)));
    case 'numeric':
      return compileNumeric(operand);
    case 'cidr':
      return compileCidr(text(type, operand));
    case 'anything-but':
      return compileAnythingBut(operand);
    default:
      throw new InvalidPattern(`Unrecognized match type ${type}`);
  }
}

const ifText =
  (matches: (value: string) => boolean): Matches =>
  (value) =>
    typeof value === 'string' && matches(value);

function text(type: string, operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new InvalidPattern(`${type} match pattern must be a string`);
}

/** The operand is text, or `{ "equals-ignore-case": text }`. */
function compileEnd(type: 'prefix' | 'suffix', operand: unknown): Matches {
  const method = type === 'prefix' ? 'startsWith' : 'endsWith';
  if (typeof operand === 'object' && operand !== null) {
    const [modifier, inner] = onlyEntry(operand);
    if (modifier !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported ${type} pattern: ${modifier}`);
    const wanted = text(type, inner).toLowerCase();
    return ifText((value) => value.toLowerCase()[method](wanted));
  }
  const wanted = text(type, operand);
  return ifText((value) => value[method](wanted));
}

/** A value, a list of values, or one of four match types over text or a list of texts. An absent value matches nothing. */
function compileAnythingBut(operand: unknown): Matches {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [type, inner] = onlyEntry(operand);
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(type)) {
      throw new InvalidPattern(`Unsupported anything-but pattern: ${type}`);
    }
    const excluded = list(inner).map((each) => compileMatch(type, each));
    return (value) => !excluded.some((matches) => matches(value));
  }
  const values = list(operand);
  if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) {
    throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  const excluded = new Set<unknown>(values);
  return (value) => !excluded.has(value);
}

function list(operand: unknown): unknown[] {
  const values = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  return values;
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 5]`, `["<", 10]`, or a range `[">", 0, "<=", 5]`. */
function compileNumeric(operand: unknown): Matches {
  if (!Array.isArray(operand)) throw new InvalidPattern('Value of numeric must be an array.');
  if (operand.length !== 2 && operand.length !== 4) throw new InvalidPattern('Invalid member in numeric match');
  const bounds: { operator: string; bound: number }[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const operator: unknown = operand[index];
    const bound: unknown = operand[index + 1];
    if (typeof operator !== 'string' || COMPARISONS[operator] === undefined) {
      throw new InvalidPattern(`Unrecognized numeric range operator: ${String(operator)}`);
    }
    if (typeof bound !== 'number') throw new InvalidPattern(`Value of ${operator} must be numeric`);
    bounds.push({ operator, bound });
  }
  const [low, high] = bounds;
  if (low !== undefined && high !== undefined) {
    if (!low.operator.startsWith('>') || !high.operator.startsWith('<')) throw new InvalidPattern('Bad numeric range');
    if (low.bound >= high.bound) throw new InvalidPattern('Bottom must be less than top');
  }
  return (value) =>
    typeof value === 'number' && bounds.every(({ operator, bound }) => COMPARISONS[operator]?.(value, bound));
}

function compileCidr(cidr: string): Matches {
  const [address = '', bits = ''] = cidr.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const length = Number(bits);
  const wellFormed = (family === 'ipv4' || isIPv6(address)) && /^\d{1,3}$/.test(bits);
  if (!wellFormed || length > (family === 'ipv4' ? 32 : 128)) throw new InvalidPattern(`Malformed CIDR: ${cidr}`);
  const block = new BlockList();
  block.addSubnet(address, length, family);
  return ifText((value) => block.check(value, family));
}

/**
 * `*` stands for any characters, none included; `\*` and `\\` for themselves. It takes linear time: each piece is looked for once,
 * from the left.
 */
function compileWildcard(pattern: string): (value: string) => boolean {
  const [first = '', ...between] = splitWildcard(pattern);
  const last = between.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let position = first.length;
    for (const piece of between) {
      const found = value.indexOf(piece, position);
      if (found < 0) return false;
      position = found + piece.length;
    }
    return position <= value.length - last.length;
  };
}

/** The literal pieces between the stars. */
function splitWildcard(pattern: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let index = 0; index < pattern.length; index += 1) {
    let character = pattern.charAt(index);
    if (character === '*') {
      if (pattern[index + 1] === '*') throw new InvalidPattern(`Consecutive wildcard characters at pos ${index}`);
      pieces.push(piece);
      piece = '';
      continue;
    }
    if (character === '\\') {
      index += 1;
      character = pattern.charAt(index);
      if (character !== '*' && character !== '\\') {
        throw new InvalidPattern(`Invalid escape character at pos ${index - 1}`);
      }
    }
    piece += character;
  }
  return [...pieces, piece];
}
