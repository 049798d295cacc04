import { describe, expect, it, vi } from 'vitest';
import { fakeStepFunctions, sampleToken, tokenText } from '../testing/index.ts';
import { directReports } from './direct.ts';
import { queueWorker } from './queue-worker.ts';
import { batch } from './testing.ts';

describe('direct mode', () => {
  const message = { taskToken: tokenText('first'), work: 4 };

  it('tells Step Functions itself', async () => {
    const { tasks, taken } = fakeStepFunctions();
    const answer = await queueWorker((number) => ({ number }), { reports: directReports(tasks) })(batch([message]));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(taken).toEqual([{ type: 'success', output: '{"number":4}' }]);
  });

  it('is done with a task that is no more, and tries again where nobody answered', async () => {
    const { tasks, close, faults } = fakeStepFunctions();
    const worker = queueWorker(() => 1, { reports: directReports(tasks) });
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    faults.push('not delivered', 'not delivered');
    expect((await worker(batch([message]))).batchItemFailures).toHaveLength(1);
    close(sampleToken());
    expect((await worker(batch([message]))).batchItemFailures).toHaveLength(0);
    silent.mockRestore();
  });

  it('says where Step Functions does not take its heartbeat', async () => {
    const denied = { answer: 'denied', error: 'AccessDeniedException' } as const;
    const tasks = { ...fakeStepFunctions().tasks, heartbeat: async () => denied };
    await expect(directReports(tasks)(message).heartbeat()).rejects.toThrow(/AccessDeniedException/);
  });

  it('prints no token, whatever the message is (L3)', async () => {
    const lines: unknown[] = [];
    const silent = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
    const { tasks } = fakeStepFunctions();
    await queueWorker(() => 1, { reports: directReports(tasks) })(
      batch([`{"taskToken":"${tokenText('first')}`, { taskToken: '$' }]),
    );
    silent.mockRestore();
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(tokenText('first').slice(0, 20));
  });
});
