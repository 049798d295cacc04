import { expect, test } from 'vitest';
import { startHeartbeats } from './heartbeats.ts';

test('a run out of reach is stopped heartbeatSeconds after its claim was sent, however long the answer took (H2)', async () => {
  let nowMs = 30_000;
  const clock = {
    monotonicMs: () => nowMs,
    epochMs: () => nowMs,
    sleep: async (ms: number) => void (nowMs += ms),
  };
  const baton = { post: async () => ({ kind: 'temporary' as const, message: 'no route' }) };
  const run = { callbackId: 'c', runId: 'r', bootId: 'b', pid: 1, processStart: '1' };
  const chance = { uuid: () => 'r', fraction: () => 0.5 };
  const beats = startHeartbeats(
    run,
    { intervalMs: 5_000, silenceMs: 15_000 },
    { lastContactMs: 20_000, deadlineMs: Infinity },
    () => undefined,
    { clock, chance, log: () => undefined, baton },
  );
  expect(await beats.stop).toBe('Baton was out of reach for 15 seconds');
  expect(nowMs).toBe(35_000);
});
