import type { LocalAws } from '@baton/local-aws';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Appends what IAM has allowed to a file in this folder, a decision a line, each but once: `npm run iam:table` runs the tests with one and
 * makes its table of them.
 */
export function recordDecisions(aws: LocalAws, folder = process.env['BATON_DECISIONS']): void {
  if (folder === undefined) return;
  const recorded = new Set<string>();
  aws.observe({
    decision({ caller, action, resource, allowed, gates }) {
      if (!allowed) return;
      const kinds = JSON.stringify([caller.role?.roleArn ?? caller.principalArn, action, gates]);
      if (recorded.has(kinds)) return;
      recorded.add(kinds);
      const by = caller.sourceArn ?? caller.principalArn;
      appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify({ by, action, resource, gates })}\n`);
    },
  });
}
