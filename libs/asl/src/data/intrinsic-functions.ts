import type { EnginePorts, Json } from '../protocol.ts';

type IntrinsicFunction = (args: readonly Json[], ports: EnginePorts) => Json;

/**
 * The `States.*` functions by name (documented: "Intrinsic functions"). Each throws TypeError, RangeError or SyntaxError when its
 * arguments are invalid.
 */
export const INTRINSIC_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  Format(args) {
    const [template, ...values] = args;
    let used = 0;
    const text = string(template).replaceAll(/\\([{}\\])|\{\}/g, (whole, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      if (used >= values.length) throw new RangeError('fewer arguments than {} in the template');
      return display(values[used++] as Json);
    });
    if (used < values.length) throw new RangeError('more arguments than {} in the template');
    return text;
  },
  StringToJson: ([text]) => (string(text).trim() === '' ? null : (JSON.parse(string(text)) as Json)),
  JsonToString: ([value]) => JSON.stringify(required(value)),
  JsonMerge([left, right, deep]) {
    if (deep !== false) throw new TypeError('only the shallow merge is supported: the third argument must be false');
    return { ...object(left), ...object(right) };
  },
  Array: (args) => [...args],
  ArrayPartition([items, size]) {
    const step = Math.round(number(size));
    if (step < 1) throw new RangeError('the chunk size must be positive');
    const list = array(items);
    return Array.from({ length: Math.ceil(list.length / step) }, (_, chunk) =>
      list.slice(chunk * step, (chunk + 1) * step),
    );
  },
  ArrayContains: ([items, wanted]) => array(items).some((item) => equal(item, required(wanted))),
  ArrayRange([first, last, increment]) {
    const [from, to, step] = [first, last, increment].map((value) => Math.round(number(value))) as [
      number,
      number,
      number,
    ];
    if (step === 0) throw new RangeError('the increment must not be zero');
    const length = Math.max(0, Math.floor((to - from) / step) + 1);
    if (length > 1000) throw new RangeError('a range has at most 1000 elements');
    return Array.from({ length }, (_, index) => from + index * step);
  },
  ArrayGetItem([items, index]) {
    const item = array(items)[number(index)];
    if (item === undefined) throw new RangeError('the index is out of range');
    return item;
  },
  ArrayLength: ([items]) => array(items).length,
  ArrayUnique([items]) {
    const unique: Json[] = [];
    for (const item of array(items)) if (!unique.some((seen) => equal(seen, item))) unique.push(item);
    return unique;
  },
  Base64Encode: ([text]) => encodeBase64(new TextEncoder().encode(limited(text))),
  Base64Decode: ([text]) => new TextDecoder().decode(decodeBase64(limited(text))),
  Hash([data, algorithm], ports) {
    const name = HASHES.find((hash) => hash === algorithm);
    if (!name) throw new TypeError(`the algorithm must be one of ${HASHES.join(', ')}`);
    return ports.hash(name, typeof data === 'string' ? data : JSON.stringify(required(data)));
  },
  MathRandom([start, end, seed], ports) {
    const [from, to] = [Math.round(number(start)), Math.round(number(end))];
    const chance = seed === undefined ? ports.random() : seededRandom(number(seed));
    return from + Math.floor(chance * (to - from));
  },
  MathAdd: ([left, right]) => Math.round(number(left)) + Math.round(number(right)),
  StringSplit([text, separators]) {
    const chars = new Set(string(separators));
    if (chars.size === 0) return [string(text)];
    const parts: string[] = [''];
    for (const char of string(text)) {
      if (chars.has(char)) parts.push('');
      else parts[parts.length - 1] += char;
    }
    return parts.filter((part) => part !== '');
  },
  UUID: (_, ports) => ports.uuid(),
};

const HASHES = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
const MAX_CHARACTERS = 10_000;

function required(value: Json | undefined): Json {
  if (value === undefined) throw new TypeError('an argument is missing');
  return value;
}

function string(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError('expected a string');
  return value;
}

function limited(value: Json | undefined): string {
  if (string(value).length > MAX_CHARACTERS)
    throw new RangeError(`the text is longer than ${MAX_CHARACTERS} characters`);
  return string(value);
}

function number(value: Json | undefined): number {
  if (typeof value !== 'number') throw new TypeError('expected a number');
  return value;
}

function array(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new TypeError('expected an array');
  return value;
}

function object(value: Json | undefined): { [key: string]: Json } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new TypeError('expected an object');
  return value;
}

/** Formats a value as States.Format does: strings without quotes, objects as `{name=value}`, arrays as `[value]`. */
function display(value: Json): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(display).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${display(member)}`)
    .join(', ')}}`;
}

/** Returns whether two values are the same JSON. The order of members does not matter. */
export function equal(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equal(item, right[index] as Json));
  }
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equal(left[name] as Json, right[name] as Json))
  );
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new TypeError('not Base64');
  }
}

const MASK = (1n << 48n) - 1n;
const MULTIPLIER = 0x5deece66dn;

/**
 * Returns a number from 0 up to but not including 1, always the same for the same seed: the first double of Java's generator,
 * which AWS uses (documented: java.util.Random).
 */
export function seededRandom(seed: number): number {
  let state = (BigInt(Math.trunc(seed)) ^ MULTIPLIER) & MASK;
  const bits = (count: bigint): bigint => {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    return state >> (48n - count);
  };
  return Number((bits(26n) << 27n) + bits(27n)) / 2 ** 53;
}
