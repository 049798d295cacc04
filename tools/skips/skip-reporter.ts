import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * Names at the end of a run what was skipped. A test that needs something which this machine lacks says so in its name, and how to get it:
 * "boto3 works (skipped: needs boto3: pip install boto3)".
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

/** @returns the test, or the suite that it was skipped with, with its reason */
function reasoned(test: TestCase | TestSuite): string | undefined {
  const [, what, why] = /^(.*) \(skipped:? (.*)\)$/.exec(test.name) ?? [];
  if (what !== undefined) return `${what}: ${why}`;
  return test.parent.type === 'module' ? undefined : reasoned(test.parent);
}
