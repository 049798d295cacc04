import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addNumbers, canonicalNumber, numberSize, sortableNumber, subtractNumbers } from './decimal.ts';

const UNITS = 10n ** 40n;
/** Numbers of up to 18 digits, 20 of them behind the point, with their value in units of 1e-40. */
const numbers = fc
  .record({ digits: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), power: fc.integer({ min: -20, max: 18 }) })
  .map(({ digits, power }) => ({
    text: `${digits}e${power}`,
    value: digits * 10n ** BigInt(power + 40),
  }));

test.each([
  ['1e20', '100000000000000000000'],
  ['+3', '3'],
  ['.123', '0.123'],
  ['0001.230', '1.23'],
  ['-0', '0'],
  ['0e1000', '0'],
  ['-17.4E37', '-174000000000000000000000000000000000000'],
  ['1.5e-7', '0.00000015'],
  ['100', '100'],
  ['31415926535897932384626433832795028841e30', `31415926535897932384626433832795028841${'0'.repeat(30)}`],
  ['1e-130', `0.${'0'.repeat(129)}1`],
])('%s is returned as %s', (text, canonical) => expect(canonicalNumber(text)).toBe(canonical));

test.each([
  ['', 'The parameter cannot be converted to a numeric value'],
  ...['NaN', 'Infinity', 'dog', ' 1', '1 ', '-', '.', '1e', '1.2.3', '0x1'].map((text) => [
    text,
    `The parameter cannot be converted to a numeric value: ${text}`,
  ]),
  ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['-11e125', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['0.9e-130', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  ['3.14159265358979323846264338327950288419', 'Attempting to store more than 38 significant digits in a Number'],
])('%j is refused', (text, message) => expect(() => canonicalNumber(text)).toThrow(message));

test('a sum that needs more than 38 digits is an overflow, as is one that is too large', () => {
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  expect(() => addNumbers(canonicalNumber('1e50'), '1')).toThrow(overflow);
  expect(() => subtractNumbers(canonicalNumber('9e125'), canonicalNumber('-9e125'))).toThrow(overflow);
  expect(addNumbers('1', '10000000000000000000000')).toBe('10000000000000000000001');
  expect(subtractNumbers('10000000000000000000000', '1')).toBe('9999999999999999999999');
});

test('canonical text is a fixed point and keeps the value', () => {
  fc.assert(
    fc.property(numbers, ({ text, value }) => {
      const canonical = canonicalNumber(text);
      expect(canonicalNumber(canonical)).toBe(canonical);
      expect(valueOf(canonical)).toBe(value);
    }),
  );
});

test('sums and differences are exact', () => {
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      fc.pre((one.value + other.value).toString().replace(/0+$/, '').length <= 38);
      fc.pre((one.value - other.value).toString().replace(/0+$/, '').length <= 38);
      const [a, b] = [canonicalNumber(one.text), canonicalNumber(other.text)];
      expect(valueOf(addNumbers(a, b))).toBe(one.value + other.value);
      expect(valueOf(subtractNumbers(a, b))).toBe(one.value - other.value);
    }),
  );
});

test('sortable texts order as the numbers do', () => {
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      const [a, b] = [sortableNumber(canonicalNumber(one.text)), sortableNumber(canonicalNumber(other.text))];
      expect([a < b, a === b]).toEqual([one.value < other.value, one.value === other.value]);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['0', 1],
  ['1', 2],
  ['10', 2],
  ['12', 2],
  ['123', 3],
  ['-1', 3],
  ['0.1', 2],
])('%s is stored in %i bytes', (text, bytes) => expect(numberSize(text)).toBe(bytes));

/** The value of a canonical text in units of 1e-40. */
function valueOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole) * UNITS + BigInt(fraction.padEnd(40, '0'));
  return text.startsWith('-') ? -magnitude : magnitude;
}
