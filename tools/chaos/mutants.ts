/**
 * Faults that somebody could make in the conditions of the invariants without noticing. Each takes away one guard; the harness must
 * find it. `npm run chaos:mutants` seeds them.
 */
export interface Mutant {
  /** The invariant of ARCHITECTURE.md that it breaks, and how. */
  readonly fault: string;
  /** From libs/token-lib/src. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

const within =
  (file: string) =>
  (fault: string, from: string, to: string): Mutant => ({ fault, file, from, to });
const settling = within('operations/settle.ts');
const outcomes = within('lifecycle/settle.ts');
const runs = within('lifecycle/run.ts');
const claims = within('operations/claim.ts');
const decisions = within('lifecycle/decision.ts');
const dispatching = within('lifecycle/dispatch.ts');
const starting = within('operations/dispatch.ts');
const latest = within('operations/become-latest-attempt.ts');
const beats = within('operations/relay-heartbeat.ts');
const observers = within('lifecycle/observe.ts');
const events = within('operations/observe.ts');
const votes = within('lifecycle/vote.ts');
const changes = within('operations/change.ts');

export const mutants: readonly Mutant[] = [
  // L1: stored before told, and told until it is taken.
  settling(
    'L1 told before it is stored',
    '  const isWatched =',
    "  if ('token' in row) await ports.tasks.completeTask(row.token, outcome);\n  const isWatched =",
  ),
  settling(
    'L1 who meets a stored outcome does nothing',
    "  row.state === 'Settling' ? stayAwake(ports, row, at) : undefined;",
    "  row.state === 'Settling' ? 'stored' : undefined;",
  ),
  settling(
    'L1 no reminder is asked for',
    "  if (answer === 'stored') await haveLookedAt(ports, row, reminderDelay(row, at));\n",
    '',
  ),
  settling(
    'L1 nobody keeps the task of a stored outcome alive',
    '  const said = await ports.tasks.heartbeat(row.token);',
    "  const said = { answer: 'accepted' };",
  ),
  outcomes(
    'L1 a task that is gone is late, although an attempt before may have been taken',
    'return row.attempts - 1 === (row.notTaken ?? 0) ? late(row, at)',
    'return true ? late(row, at)',
  ),
  outcomes(
    'L1 a task that is gone has taken the outcome',
    'return row.attempts - 1 === (row.notTaken ?? 0) ? late(row, at)',
    'return true ? applied(row, at)',
  ),
  outcomes('L1 an attempt whose answer was lost counts as not taken', '  notTaken === true ? {', '  true ? {'),
  outcomes(
    'L1 a throttled outcome is given up',
    "    case 'transient':\n",
    "    case 'transient':\n      return late(row, at);\n",
  ),
  outcomes(
    'L1 a reminder tells nothing',
    "  if (at >= due) return { answer: 'tell', next: attempted(row, at) };\n  return row.lease",
    '  return row.lease',
  ),
  outcomes(
    'L1 a reminder that comes while somebody tells is the last',
    "  return row.lease === true ? { answer: 'watch', row } : { answer: 'over' };",
    "  return { answer: 'over' };",
  ),
  outcomes(
    'L1 an outcome that was not taken is never due again',
    '    dueAt: at + tellDelay(row.callbackId, row.attempts, row.terms.heartbeatSeconds),',
    '    dueAt: Number.MAX_SAFE_INTEGER,',
  ),
  outcomes(
    'L1 what is told again by the history is late',
    "      return row.outcome.type === 'success' ? applied(row, at) : late(row, at);",
    '      return late(row, at);',
  ),
  outcomes(
    'L1 a task that is open, says the history, is given up',
    "    case 'open':\n    case 'unknown':\n      return tellLater(row, at);",
    "    case 'open':\n    case 'unknown':\n      return late(row, at);",
  ),
  outcomes(
    'L1 an output that is not taken leaves its task open',
    "  if (refused.type === 'failure' || error === 'InvalidToken') {",
    '  if (true) {',
  ),
  observers(
    'L1 the reconciler tells nothing',
    "      return { answer: 'tell', row };",
    "      return { answer: 'nothing' };",
  ),

  // L2: the first outcome wins, and only of whom it is due.
  outcomes(
    'L2 a run without the claim reports',
    "  if (from.by === 'worker' && !mayReport(row, from.runId)) return { answer: 'notHolder' };\n",
    '',
  ),
  outcomes(
    'L2 a second outcome takes the place of the first',
    '  if (!isUndecided(row)) return afterOutcome(row, event);\n',
    '',
  ),
  changes('L2 who lost the race goes on', '    if (winner === undefined) return', '    return'),
  votes(
    'L2 a vote after the decision decides again',
    "  if (!isUndecided(row) || at >= row.deadline) return { answer: 'closed' };\n",
    '',
  ),
  votes(
    'L2 an approver votes twice',
    "  if (votes.some((vote) => vote.approver === name)) return { answer: 'voted' };\n",
    '',
  ),
  runs(
    'L2 a worker without the secret of the work reports',
    '  return workSecretHash === undefined || (secret !== undefined && isSecretOf(workSecretHash, secret));',
    '  return true;',
  ),
  runs(
    'L2 a run without the claim beats',
    "  if (!mayReport(row, runId)) return { answer: 'stop', reason: 'this run does not hold the claim' };\n",
    '',
  ),

  // L3: a token stays where it is.
  within('wire/work-secret.ts')(
    'L3 the token goes with the work',
    'export const workSecretOf = (token: TaskToken): WorkSecret =>',
    'export const workSecretOf = (token: TaskToken): WorkSecret =>\n  true ? make(revealTaskToken(token)) :',
  ),
  starting(
    'L3 the token is in an error that is logged',
    'const row = newCallback(',
    'TaskToken.prototype.toJSON = function () { return `TOKEN`; };\n  const row = newCallback(',
  ),

  // L4: the times are those of Step Functions.
  dispatching(
    'L4 the deadline is a minute',
    'deadline: createdAt + seconds(work.timeoutSeconds),',
    'deadline: createdAt + seconds(60),',
  ),

  // L5: durable before it starts, and closed where it does not.
  starting(
    'L5 started before it is durable',
    '  const standing = await ports.store.insert(row);',
    '  await startWork(ports.starters, startableOf(row), request.work, false);\n  const standing = await ports.store.insert(row);',
  ),
  dispatching(
    'L5 a dispatch that ended is due never',
    '    dueAt: createdAt + DISPATCH_LEASE,',
    '    dueAt: Number.MAX_SAFE_INTEGER,',
  ),
  dispatching(
    'L5 the second write of a dispatch writes over what came between',
    "  if (row.state !== 'Stored') return { answer: 'known' };\n",
    '',
  ),
  observers(
    'L5 nobody resolves a dispatch that ended',
    "      return { answer: 'findCommand', row };",
    "      return { answer: 'nothing' };",
  ),

  // L6: every callback has a second way to its end. That a silent one is asked after stands twice, in the reconciler and in the reminders:
  // either alone is enough, so neither is here.
  dispatching(
    'L6 a callback that is not heard of is never due',
    '): Millis =>\n  Math.min(',
    '): Millis =>\n  Number.MAX_SAFE_INTEGER +\n  Math.min(',
  ),

  // L7: one run.
  outcomes(
    'L7 a run is over whoever reports',
    "  return from.by === 'worker' || runIsOver === true ? { ...run, releasedAt: at } : run;",
    '  return { ...run, releasedAt: at };',
  ),
  decisions(
    'L7 a run that is not heard of is over without the grace of its stop',
    'seconds(longestSilenceSeconds(row.terms) + STOP_GRACE_SECONDS)',
    'seconds(longestSilenceSeconds(row.terms))',
  ),
  decisions(
    'L7 a run that is not heard of is over at once',
    'return row.run.lastContactAt + seconds(longestSilenceSeconds(row.terms) + STOP_GRACE_SECONDS);',
    'return row.run.lastContactAt;',
  ),
  claims(
    'L7 a claim does not wait for the run before',
    '  const wait = await waitFor(ports, row, at);',
    '  const wait = undefined;',
  ),
  claims(
    'L7 an attempt that was never claimed hides the one before it',
    '    before = found.at;',
    '    before = undefined;',
  ),
  dispatching(
    'L7 an attempt does not know the one before it',
    "  if (row.supersedes === supersedes) return { answer: 'linked', row };",
    "  if (row.state === 'Stored') return { answer: 'linked', row };",
  ),
  latest(
    'L7 an older attempt that comes late takes over',
    '    if (latest !== undefined && latest.epoch > epoch) {',
    '    if (latest === undefined && epoch < 0) {',
  ),
  runs(
    'L7 a claim is granted twice',
    "    if (row.run.runId !== request.runId) return refuse('another process has claimed the job');\n",
    '',
  ),
  runs('L7 a claim is granted to what is over', '  if (!isUndecided(row)) return refuse(whyOver(row));\n', ''),
  runs(
    'L7 a heartbeat is not remembered',
    'lastContactAt: Math.max(at, before.lastContactAt)',
    'lastContactAt: before.lastContactAt',
  ),
  runs(
    'L7 the run before is over whatever is known of it',
    "  return until === undefined || until <= at ? { answer: 'go' } : { answer: 'wait', until };",
    "  return { answer: 'go' };",
  ),
  events('L7 a host that is going is gone', '  const runIsOver = HOST_IS_OFF.has(state);', '  const runIsOver = true;'),
  within('lifecycle/dispatch-context.ts')(
    'L7 each attempt is work of its own',
    'const parts = [executionArn,',
    'const parts = [context.retryCount, executionArn,',
  ),

  // L8: stop on positive evidence.
  beats(
    'L8 stop where Step Functions did not answer',
    "  if (said.answer === 'gone') {",
    "  if (said.answer !== 'accepted') {",
  ),
  beats(
    'L8 a heartbeat is not relayed',
    '  const said = await ports.tasks.heartbeat(token);',
    "  const said = { answer: 'accepted' };",
  ),
  runs('L8 what is decided goes on', "  if (!isUndecided(row)) return { answer: 'stop', reason: whyOver(row) };\n", ''),
  events('L8 the end of an execution stops its redrive', '    if (row.createdAt <= stoppedAt)\n', ''),
];
