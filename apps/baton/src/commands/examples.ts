import { exampleFolders } from '../example-folders.ts';
import type { Terminal } from '../terminal.ts';

export function listExamples({ line, colors }: Terminal): void {
  const examples = exampleFolders();
  const width = Math.max(...examples.map(({ name }) => name.length));
  for (const { name, line: what } of examples) line(`${colors.cyan(name.padEnd(width))}  ${what}`);
  line('');
  line(colors.dim('npx baton run examples/NAME runs one of them, on a local AWS.'));
}
