import { hostname, userInfo } from 'node:os';

/** @returns the name given, else the user at this machine; with the ARN behind the credentials, where STS tells it */
export async function whoActs(name: string | undefined, callerArn: () => Promise<string | undefined>): Promise<string> {
  const who = name ?? `${userName()}@${hostname()}`;
  const arn = await callerArn();
  return arn === undefined ? who : `${who} (${arn})`;
}

/** The user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
