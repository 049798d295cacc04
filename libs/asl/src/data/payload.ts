import type { Json } from '../protocol.ts';

/** The largest input or output of a state, in bytes of UTF-8 (documented: quotas). */
export const MAX_PAYLOAD_BYTES = 262_144;

const STRING_OR_BLANKS = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g;

/**
 * JSON that passes between states, as a value, as text, or both. Each form is made from the other when it is first needed, so a
 * payload that is only passed on is neither parsed nor serialised again, and its numbers keep their spelling (`1.0` stays `1.0`).
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

  /** The text is not checked: `value` throws SyntaxError when it is not JSON. */
  static ofText(text: string): Payload {
    return new Payload(undefined, text);
  }

  get value(): Json {
    return (this.#value ??= JSON.parse(this.text) as Json);
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.#value));
  }

  /** Returns the payload without white space between tokens, as the history shows it. */
  compact(): Payload {
    if (this.#text === undefined || !/\s/.test(this.#text)) return this;
    return new Payload(this.#value, this.#text.replaceAll(STRING_OR_BLANKS, '$1'));
  }

  isTooLarge(): boolean {
    return exceedsBytes(this.text, MAX_PAYLOAD_BYTES);
  }
}

/** Returns whether the text is longer than `limit` bytes of UTF-8. Counts bytes only when the length does not settle it. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  if (text.length > limit) return true;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair takes four bytes: two for each half.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes > limit;
}
