/**
 * Returns what CHANGELOG.md says about a version.
 * @throws Error when the version has no section, or an empty one
 */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const notes = section?.slice(section.indexOf('\n') + 1).trim() ?? '';
  if (notes === '')
    throw new Error(`CHANGELOG.md has nothing under "## [${version}]": name the version that is released`);
  return `${notes}\n`;
}

/** What still stands for something that nobody has decided; a release is not made with it. */
export const placeholderIn = (text: string): string | undefined => /\b[A-Z_]+_PLACEHOLDER\b/.exec(text)?.[0];
