import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The local AWS that runs in another terminal of the same user. */
export interface RunningPlatform {
  readonly url: string;
  readonly region: string;
  readonly processId: number;
}

const file = (): string => join(tmpdir(), `baton-local-${process.getuid?.() ?? 'user'}.json`);

/** Lets other terminals find it. Returns the way to take that back. */
export function announcePlatform(running: RunningPlatform): () => void {
  writeFileSync(file(), JSON.stringify(running), { mode: 0o600 });
  return () => {
    if (findPlatform()?.processId === running.processId) rmSync(file(), { force: true });
  };
}

/** Returns the platform that runs in another terminal, if one does. */
export function findPlatform(): RunningPlatform | undefined {
  try {
    const running = JSON.parse(readFileSync(file(), 'utf8')) as RunningPlatform;
    process.kill(running.processId, 0);
    return running;
  } catch {
    return undefined;
  }
}

/** The variables by which AWS's clients are told where to look and who asks. */
const CHOICES = ['AWS_ENDPOINT_URL', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_REGION', 'AWS_WEB_IDENTITY_TOKEN_FILE'];

/** Points AWS's clients of this process at the platform in another terminal, unless the environment says where to look. Returns its address. */
export function useRunningPlatform(env: NodeJS.ProcessEnv): string | undefined {
  if (CHOICES.some((name) => env[name] !== undefined)) return undefined;
  const running = findPlatform();
  if (running === undefined) return undefined;
  Object.assign(env, {
    AWS_ENDPOINT_URL: running.url,
    AWS_REGION: running.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return running.url;
}
