import type { Json } from '../protocol.ts';

/** The most that a state may take or give, in bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

const STRING_OR_BLANKS = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g;

/**
 * JSON between states: a value, its text, or both. Each is made from the other when first asked for, so that a payload that
 * only passes through is neither parsed nor written again, and numbers keep the spelling they came with.
 */
export class Payload {
  #value: Json | undefined;
  #text: string | undefined;

  private constructor(value: Json | undefined, text: string | undefined) {
    this.#value = value;
    this.#text = text;
  }

  static ofValue(value: Json): Payload {
    return new Payload(value, undefined);
  }

  /** @throws {SyntaxError} from `value`, when the text is not JSON */
  static ofText(text: string): Payload {
    return new Payload(undefined, text);
  }

  get value(): Json {
    return (this.#value ??= JSON.parse(this.text) as Json);
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.#value));
  }

  /** The same without blanks between its tokens, as states show it. */
  compact(): Payload {
    if (this.#text === undefined || !/\s/.test(this.#text)) return this;
    return new Payload(this.#value, this.#text.replaceAll(STRING_OR_BLANKS, '$1'));
  }

  isTooLarge(): boolean {
    return exceedsBytes(this.text, MAX_PAYLOAD_BYTES);
  }
}

/** Whether the text takes more than `limit` bytes of UTF-8; counts only where the length alone does not tell. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  if (text.length > limit) return true;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is four bytes, so each of its halves counts two.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes > limit;
}
