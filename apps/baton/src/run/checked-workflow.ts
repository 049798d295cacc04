import { readWorkflow, type Workflow } from '@baton/local-platform';
import { CliError } from '../terminal.ts';
import { lintPaths } from '../lint/lint-paths.ts';

/**
 * Reads the workflow of a folder, and lints it: a state that never passes its token on would wait for ever.
 * @throws {CliError} with the errors that lint finds, and their places
 */
export function readChecked(folder: string): Workflow {
  const workflow = read(folder);
  const { findings, problems } = lintPaths(['workflow.asl.json'], { folder });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const lines = [
    ...problems.map(({ message }) => message),
    ...errors.map(({ file, start, state, message, mend }) => {
      const place = `${file}:${start.line}:${start.column}`;
      return `${place}: ${state === undefined ? '' : `${state}: `}${message}\n    mend: ${mend}`;
    }),
  ];
  if (lines.length > 0) throw new CliError(`${folder} is not run:\n  ${lines.join('\n  ')}`, 65);
  return workflow;
}

function read(folder: string): Workflow {
  try {
    return readWorkflow(folder);
  } catch (error) {
    throw new CliError((error as Error).message, 66);
  }
}
