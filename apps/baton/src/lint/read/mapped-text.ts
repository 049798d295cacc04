/** A text that is made from pieces of a file, with the place in the file of each of its characters. */
export interface MappedText {
  readonly text: string;
  /** @returns the offset in the file of the character at this offset of the text, or of the text's end */
  readonly toFile: (offset: number) => number;
}

/** The characters from `at` on are those of the file from `from` on, or all stand for that one place. */
interface Piece {
  readonly at: number;
  readonly from: number;
  readonly step: 0 | 1;
}

/** More than Step Functions accepts of a definition (1 MiB, documented): aliases of YAML can blow up a small file. */
const MOST_CHARACTERS = 4_194_304;

/** Thrown when the pieces make more text than a definition may have. */
export class TooLongText extends Error {
  constructor() {
    super(`it expands to more than ${MOST_CHARACTERS} characters`);
    this.name = 'TooLongText';
  }
}

export class TextBuilder {
  readonly #parts: string[] = [];
  readonly #pieces: Piece[] = [];
  #length = 0;

  /**
   * Appends characters that stand in the file one by one, from this offset on.
   * @throws {TooLongText} as the methods below
   */
  copy(text: string, from: number): this {
    return this.#append(text, from, 1);
  }

  /** Appends characters that are made for one place of the file. */
  make(text: string, from: number): this {
    return this.#append(text, from, 0);
  }

  /** Appends a text with the origin of each of its characters. */
  map(text: string, origins: readonly number[]): this {
    let start = 0;
    for (let index = 1; index <= text.length; index += 1) {
      if (index < text.length && origins[index] === (origins[index - 1] ?? 0) + 1) continue;
      this.copy(text.slice(start, index), origins[start] ?? 0);
      start = index;
    }
    return this;
  }

  append({ text, toFile }: MappedText): this {
    return this.map(
      text,
      Array.from({ length: text.length }, (_, offset) => toFile(offset)),
    );
  }

  /** @param end where the text ends in the file */
  build(end: number): MappedText {
    const pieces = this.#pieces;
    const length = this.#length;
    return {
      text: this.#parts.join(''),
      toFile(offset) {
        if (offset >= length) return end;
        let [low, high] = [0, pieces.length - 1];
        while (low < high) {
          const middle = Math.ceil((low + high) / 2);
          if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
          else high = middle - 1;
        }
        const piece = pieces[low];
        return piece ? piece.from + (offset - piece.at) * piece.step : 0;
      },
    };
  }

  #append(text: string, from: number, step: 0 | 1): this {
    if (text === '') return this;
    this.#length += text.length;
    if (this.#length > MOST_CHARACTERS) throw new TooLongText();
    const last = this.#pieces.at(-1);
    const goesOn = last?.step === step && last.from + (this.#length - text.length - last.at) * step === from;
    if (!goesOn) this.#pieces.push({ at: this.#length - text.length, from, step });
    this.#parts.push(text);
    return this;
  }
}

/** @returns the text of a whole file */
export const wholeText = (text: string): MappedText => ({ text, toFile: (offset) => offset });
