import { drawStateMachine, readmePicture, readWorkflow } from '@baton/local-platform';
import { writeFileSync } from 'node:fs';
import { findExample } from '../example-folders.ts';
import type { Terminal } from '../terminal.ts';

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
