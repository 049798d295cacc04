/** What skip-reporter.test.ts runs. */
import { describe, test } from 'vitest';

const nothing = () => undefined;

describe.skip('a suite (skipped: needs a moon (wait for one))', () => {
  test('first', nothing);
  test('second', nothing);
});
test.skip('a test (skipped where there is no sun)', nothing);
test.skip('without a reason', nothing);
test('run', nothing);
