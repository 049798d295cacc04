import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * Ends a run by naming what it left out: whatever skips itself for want of something on this machine says in its name what
 * it is and how to get it, as in "boto3 works (skipped: needs boto3: pip install boto3)".
 */
export class SkipReporter implements Reporter {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void = console.warn) {
    this.#write = write;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    new Set(skipped.flatMap((test) => reasoned(test) ?? [])).forEach((name) => this.#write(`skipped: ${name}`));
  }
}

/** The test, or the suite that it was skipped with, by the name that says why. */
function reasoned(test: TestCase | TestSuite): string | undefined {
  const [, what, why] = /^(.*) \(skipped:? (.*)\)$/.exec(test.name) ?? [];
  if (what !== undefined) return `${what}: ${why}`;
  return test.parent.type === 'module' ? undefined : reasoned(test.parent);
}
