/** Three environments share a comment of at most 65,536 characters. */
const MOST = 20_000;

/** @returns a plan for reviewers: a summary in one line, and the whole plan to unfold */
export function planPage(environment: string, changed: boolean, plan: string): string {
  if (!changed) return `### ${environment}: nothing changes\n\n`;
  const shown = plan.length <= MOST ? plan : `${plan.slice(0, MOST)}\n... the rest is in the artifact\n`;
  const counts = /^Plan: .*$/m.exec(plan)?.[0] ?? 'Outputs change.';
  // A fence that is longer than any in the plan cannot be closed by it.
  const fence = '`'.repeat(Math.max(3, ...[...plan.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `### ${environment}: ${counts}\n\n<details><summary>the plan</summary>\n\n${fence}\n${shown}${fence}\n\n</details>\n\n`;
}
