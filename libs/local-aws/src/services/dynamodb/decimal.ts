/**
 * Numbers of DynamoDB: exact decimals of up to 38 significant digits, between 1e-130 and 9.99...e125 in magnitude (documented:
 * "Supported data types", Number). A number is kept as the text in which DynamoDB returns it: plain digits, without an exponent.
 */
interface Decimal {
  readonly negative: boolean;
  /** Significant digits without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  /** The power of ten of the first digit: 0 for 1.5, 2 for 150, -1 for 0.15. */
  readonly exponent: number;
}

const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;
/** Most numbers are short integers, which are their own canonical text. */
const SHORT_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

/** Thrown where a number cannot be kept; the message is AWS's. */
export class InvalidNumber extends Error {}

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';

/**
 * Returns the text in which DynamoDB returns a number, e.g. `100000000000000000000` for `1e20`.
 * @throws {InvalidNumber} for what is not a number, or not in the range (recorded, by dynalite's suite)
 */
export function canonicalNumber(text: string): string {
  if (SHORT_INTEGER.test(text)) return text;
  if (text === '') throw new InvalidNumber('The parameter cannot be converted to a numeric value');
  const decimal = parse(text);
  if (decimal === undefined) {
    throw new InvalidNumber(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  if (decimal.digits.length > MAX_DIGITS) {
    throw new InvalidNumber('Attempting to store more than 38 significant digits in a Number');
  }
  return print(inRange(decimal));
}

/**
 * Returns the exact sum.
 * @throws {InvalidNumber} where the sum has more than 38 digits, which AWS calls an overflow (recorded, by Alternator's suite),
 *   or is out of range
 */
export function addNumbers(one: string, other: string): string {
  if (SHORT_INTEGER.test(one) && SHORT_INTEGER.test(other)) return String(Number(one) + Number(other));
  const [left, right] = [known(one), known(other)];
  const scale = Math.min(lowestPower(left), lowestPower(right));
  const sum = scaled(left, scale) + scaled(right, scale);
  const result = fromBigInt(sum, scale);
  if (result.digits.length > MAX_DIGITS) throw new InvalidNumber(OVERFLOW);
  return print(inRange(result));
}

/** Returns the exact difference. @throws {InvalidNumber} as `addNumbers` does */
export const subtractNumbers = (one: string, other: string): string => addNumbers(one, negated(other));

/**
 * Returns a text whose order among such texts, by `<`, is that of the numbers. The first character is the sign, the second the
 * exponent; of a negative number both exponent and digits are complements, ended by `~` so that -1.5 comes before -1.
 */
export function sortableNumber(text: string): string {
  const { negative, digits, exponent } = known(text);
  if (digits === '') return '1';
  const power = exponent - MIN_EXPONENT;
  if (!negative) return `2${String.fromCharCode(power)}${digits}`;
  const complement = Array.from(digits, (digit) => 9 - Number(digit)).join('');
  return `0${String.fromCharCode(MAX_EXPONENT - MIN_EXPONENT - power)}${complement}~`;
}

/** Returns the bytes that a number is stored in: one for each two digits, one for the exponent, one for a minus sign. */
export function numberSize(text: string): number {
  const { negative, digits, exponent } = known(text);
  if (digits === '') return 1;
  // Two digits share a byte by their position: an odd exponent leaves the first digit alone.
  const unpaired = digits.length % 2 === 0 && exponent % 2 === 0 ? 1 : 0;
  return 1 + Math.ceil(digits.length / 2) + unpaired + (negative ? 1 : 0);
}

function parse(text: string): Decimal | undefined {
  if (SHORT_INTEGER.test(text)) {
    const negative = text.startsWith('-');
    const digits = negative ? text.slice(1) : text;
    return normalized(negative, digits, digits.length - 1);
  }
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole + fraction === '') return undefined;
  return normalized(sign === '-', whole + fraction, whole.length - 1 + Number(power));
}

/** `exponent` is the power of ten of the first of the digits, which may be a zero. */
function normalized(negative: boolean, allDigits: string, exponent: number): Decimal {
  const digits = allDigits.startsWith('0') ? allDigits.replace(/^0+/, '') : allDigits;
  if (digits === '') return { negative: false, digits: '', exponent: 0 };
  const significant = digits.endsWith('0') ? digits.replace(/0+$/, '') : digits;
  return { negative, digits: significant, exponent: exponent - (allDigits.length - digits.length) };
}

/** Returns a number that is in canonical form already. */
function known(text: string): Decimal {
  const decimal = parse(text);
  if (decimal === undefined) throw new TypeError(`${text} is not a number`);
  return decimal;
}

function inRange(decimal: Decimal): Decimal {
  if (decimal.exponent > MAX_EXPONENT) throw new InvalidNumber(OVERFLOW);
  if (decimal.exponent < MIN_EXPONENT) throw new InvalidNumber(UNDERFLOW);
  return decimal;
}

function print({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const wholeLength = exponent + 1;
  if (digits.length <= wholeLength) return sign + digits.padEnd(wholeLength, '0');
  return `${sign}${digits.slice(0, wholeLength)}.${digits.slice(wholeLength)}`;
}

const negated = (text: string): string => (text === '0' ? text : text.startsWith('-') ? text.slice(1) : `-${text}`);

const lowestPower = ({ digits, exponent }: Decimal): number => exponent - Math.max(digits.length - 1, 0);

/** Returns the number in units of 10 to the power of `scale`. */
function scaled(decimal: Decimal, scale: number): bigint {
  if (decimal.digits === '') return 0n;
  const magnitude = BigInt(decimal.digits) * 10n ** BigInt(lowestPower(decimal) - scale);
  return decimal.negative ? -magnitude : magnitude;
}

function fromBigInt(value: bigint, scale: number): Decimal {
  const text = (value < 0n ? -value : value).toString();
  return normalized(value < 0n, text, text.length - 1 + scale);
}
