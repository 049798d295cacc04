import { hostname, userInfo } from 'node:os';

/** Who acts: the name given, else the user at this machine; and the ARN behind the credentials, where STS says it. */
export async function whoActs(name: string | undefined, callerArn: () => Promise<string | undefined>): Promise<string> {
  const who = name ?? `${userName()}@${hostname()}`;
  const arn = await callerArn();
  return arn === undefined ? who : `${who} (${arn})`;
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
