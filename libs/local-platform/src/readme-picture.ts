import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawStateMachine } from './picture.ts';

const FENCE = /```mermaid\nstateDiagram-v2\n[\s\S]*?```/;

/** The README of an example, as it stands and with the picture of its workflow.asl.json. @throws when it shows no state machine */
export function readmePicture(folder: string): {
  readonly file: string;
  readonly stands: string;
  readonly drawn: string;
} {
  const file = join(folder, 'README.md');
  const stands = readFileSync(file, 'utf8');
  const picture = drawStateMachine(readFileSync(join(folder, 'workflow.asl.json'), 'utf8'));
  if (!FENCE.test(stands)) throw new Error(`${file} has no \`\`\`mermaid block that begins with stateDiagram-v2`);
  return { file, stands, drawn: stands.replace(FENCE, () => `\`\`\`mermaid\n${picture}\n\`\`\``) };
}
