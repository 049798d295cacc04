import type { Workflow } from '@baton/local-platform';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';

/** The files of a folder that count, and what is done where one is missing. */
const FILES: readonly (readonly [string, string])[] = [
  ['workflow.asl.json', ''],
  ['workflow.auto.tfvars.json', 'its definition has no variables but those of the platform'],
  ['local.json', 'nothing is made beside the platform'],
  ['input.json', 'the input is {}'],
];

/** Says what is read of a workflow's folder, and what is missing. */
export function sayWhatIsRead(
  { folder, needs }: Workflow,
  input: string | undefined,
  { line, colors }: Terminal,
): void {
  const functions = Object.keys({ ...needs.functions, ...needs.workers });
  const known = FILES.filter(([file]) => file !== 'input.json' || input === undefined);
  const [read, missing] = [true, false].map((there) =>
    known.filter(([file]) => existsSync(join(folder, file)) === there),
  );
  const servers = Object.values(needs.servers).map(({ file }) => file);
  const sources = [...(functions.length > 0 ? ['src/main.ts'] : []), ...servers];
  line(colors.dim(`${folder}: reads ${[...(read ?? []).map(([file]) => file), ...sources].join(', ')}`));
  for (const [file, what] of missing ?? []) line(colors.dim(`  no ${file}: ${what}`));
}
