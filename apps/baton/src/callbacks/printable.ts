/** What jobs and people wrote, on one line and without the control characters that would speak to the terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

/** The same with its lines kept. */
export const printableLines = (text: string): string[] => text.trimEnd().split(/\r?\n/).map(printable);

export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
