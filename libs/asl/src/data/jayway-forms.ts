/**
 * Forms of paths that Step Functions takes, because it reads them with Jayway JsonPath, and that RFC 9535 does not have. They are rewritten as the RFC has them;
 * texts in quotes stay as they are.
 */

const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;

const DOT_BEFORE_BRACKET = new RegExp(String.raw`${QUOTED}|\.\.|\.(?=\[)`, 'g');

/** `$.abc.['def ghi']` is `$.abc['def ghi']` (documented: "Using paths to access input"). A deep scan, `..[`, keeps its dots. */
export const withoutDotsBeforeBrackets = (path: string): string =>
  path.replaceAll(DOT_BEFORE_BRACKET, (found) => (found === '.' ? '' : found));

const OPERAND = String.raw`@(?:\.[\w-]+|\[(?:${QUOTED}|-?\d+)\])*`;

/** A test of a list: `@.type in ['a', 'b']`, `@.type nin ['a']`. */
const IN_LIST = new RegExp(String.raw`(${OPERAND})\s+(in|nin)\s+\[((?:${QUOTED}|[^\]'"])*)\]`, 'gi');

/** A number beside an operator, as Java's BigDecimal reads it: `007`, `.5`, `5.` (Jayway's FilterCompiler, readNumberLiteral). */
const NUMBER = new RegExp(
  String.raw`${QUOTED}|((?:[=!<>]=|[<>])\s*-?)(\d*\.?\d*(?:[eE]-?\d+)?)(?=\s*(?:\)|&&|\|\|))`,
  'g',
);

/** Literals of filters without quotes: numbers in all of Java's forms, and lists. */
export const withPlainLiterals = (path: string): string =>
  path.includes('?')
    ? path
        .replaceAll(IN_LIST, (_, operand: string, operator: string, list: string) => oneOf(operand, operator, list))
        .replaceAll(NUMBER, (found: string, operator: string | undefined, digits: string | undefined) =>
          operator === undefined || !/\d/.test(digits ?? '') ? found : `${operator}${plainNumber(digits ?? '')}`,
        )
    : path;

function oneOf(operand: string, operator: string, list: string): string {
  const items = list.match(new RegExp(`${QUOTED}|[^,\\s]+`, 'g')) ?? [];
  const isIn = operator.toLowerCase() === 'in';
  if (items.length === 0) return isIn ? '(1 == 2)' : '(1 == 1)';
  return `(${items.map((item) => `${operand} ${isIn ? '==' : '!='} ${item}`).join(isIn ? ' || ' : ' && ')})`;
}

function plainNumber(digits: string): string {
  const [, whole = '', fraction = '', exponent = ''] = /^(\d*)\.?(\d*)((?:e-?\d+)?)$/i.exec(digits) ?? [];
  const plainWhole = whole.replace(/^0+(?=\d)/, '') || '0';
  // json-p3 takes 5e-1, and not 0.5.
  if (plainWhole === '0' && /[1-9]/.test(fraction) && exponent === '') return `${Number(fraction)}e-${fraction.length}`;
  return `${plainWhole}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
}
