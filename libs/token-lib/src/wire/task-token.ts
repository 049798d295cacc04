import { BatonError } from './errors.ts';
import { Unprintable } from './unprintable.ts';

/** Never base64-decoded, and `=` may occur anywhere: real tokens are several base64 texts joined together. */
const FORM = /^[A-Za-z0-9+/=]{1,2048}$/;

let reveal: (token: TaskToken) => string;

/**
 * The secret that Step Functions creates for each attempt of a `.waitForTaskToken` task. It cannot be printed, serialised
 * or compared by accident (L3); only `revealTaskToken`, which this library does not export, returns its text.
 */
export class TaskToken extends Unprintable {
  readonly #text: string;

  static {
    reveal = (token) => token.#text;
  }

  private constructor(text: string) {
    super('[TaskToken]');
    this.#text = text;
  }

  /** @throws {BatonError} `InvalidToken`, without showing what came */
  static parse(this: void, value: unknown): TaskToken {
    if (typeof value === 'string' && FORM.test(value)) return new TaskToken(value);
    throw new BatonError(
      'InvalidToken',
      'taskToken must be 1 to 2,048 characters of A-Z a-z 0-9 + / =; pass $$.Task.Token',
    );
  }
}

/** Returns the text of a token. For the store and the task client only. */
export const revealTaskToken = (token: TaskToken): string => reveal(token);
