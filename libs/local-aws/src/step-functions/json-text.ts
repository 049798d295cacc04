/** What is wrong with a text that should be JSON, in the words of AWS's parser; undefined where nothing is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return describe(text);
  }
}

const LITERALS = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

function describe(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'Invalid execution input.';
  const word = /^[A-Za-z_$][\w$]*/.exec(trimmed)?.[0];
  if (word !== undefined && !['null', 'true', 'false'].includes(word)) {
    return `Unrecognized token '${word}': was expecting ${LITERALS}`;
  }
  const name = /^\{\s*([^"}\s])/.exec(trimmed)?.[1];
  if (name !== undefined) {
    return `Unexpected character ('${name}' (code ${name.codePointAt(0) ?? 0})): was expecting double-quote to start field name`;
  }
  const first = trimmed.charAt(0);
  if (!/[[{"\d-]/.test(first)) {
    return `Unexpected character ('${first}' (code ${first.codePointAt(0) ?? 0})): expected a valid value ${LITERALS}`;
  }
  return 'Unexpected end-of-input or invalid JSON text';
}
