import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks, type Block } from './hcl-blocks.ts';

const BEGIN = '<!-- inputs and outputs: npm run docs:terraform -->';
const END = '<!-- end -->';

/** @returns a module's README with updated tables: those between the two marks, or at the end if there are none yet */
export function withTables(readme: string, tables: string): string {
  const before = readme.includes(BEGIN) ? readme.slice(0, readme.indexOf(BEGIN)) : `${readme.trimEnd()}\n\n`;
  const after = readme.includes(END) ? readme.slice(readme.indexOf(END) + END.length) : '\n';
  return `${before}${BEGIN}\n\n${tables}\n\n${END}${after}`;
}

/** @returns the tables of the module in a folder, from its variables.tf and outputs.tf */
export function tablesOf(folder: string): string {
  const inputs = readBlocks('variable', readFileSync(join(folder, 'variables.tf'), 'utf8'));
  const outputs = readBlocks('output', readFileSync(join(folder, 'outputs.tf'), 'utf8'));
  return [
    '## Inputs',
    '',
    '| name | what it is | type | default |',
    '|---|---|---|---|',
    ...[...inputs].sort(requiredFirst).map(inputRow),
    '',
    '## Outputs',
    '',
    '| name | what it is |',
    '|---|---|',
    ...outputs.map((output) => `| \`${output.name}\` | ${cell(output.description)} |`),
  ].join('\n');
}

const requiredFirst = (a: Block, b: Block) => Number(a.fallback !== undefined) - Number(b.fallback !== undefined);

const inputRow = ({ name, description, type = 'any', fallback }: Block) =>
  `| \`${name}\` | ${cell(description)} | ${code(type)} | ${fallback === undefined ? 'required' : code(fallback)} |`;

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('*', '\\*');
const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;
