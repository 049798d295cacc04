import { drawStateMachine, readmePicture, readWorkflow } from '@baton/local-platform';
import { writeFileSync } from 'node:fs';
import { exampleFolders, findExample } from '../example-folders.ts';
import type { Terminal } from '../terminal.ts';

export function listExamples({ line, colors }: Terminal): void {
  const examples = exampleFolders();
  const width = Math.max(...examples.map(({ name }) => name.length));
  for (const { name, line: what } of examples) line(`${colors.cyan(name.padEnd(width))}  ${what}`);
  line('');
  line(colors.dim('npx baton run examples/NAME runs one of them, on a local AWS.'));
}

export interface PictureOptions {
  readonly write?: boolean;
}

export function runPicture(named: readonly string[], { write }: PictureOptions, { line }: Terminal): void {
  for (const folder of named.map(findExample)) {
    if (!write) {
      line(drawStateMachine(readWorkflow(folder).template));
      continue;
    }
    const { file, stands, drawn } = readmePicture(folder);
    if (stands === drawn) continue;
    writeFileSync(file, drawn);
    line(`drawn anew: ${file}`);
  }
}
