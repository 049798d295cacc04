/**
 * Whom a job runs as. Whoever controls the input of an execution controls what runs on its host, so it does not run as root: the notifier of
 * a host, which is root, runs it as a user that has nothing else there.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The user that the install document makes. */
const DEFAULT_USER = 'baton';

/** A line of the user database. [documented: passwd(5)] */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export type JobUser =
  /** The notifier's own. `because` is for people, where that was nobody's choice. */
  | { readonly kind: 'own'; readonly because?: string }
  | { readonly kind: 'other'; readonly user: User }
  | { readonly kind: 'missing'; readonly name: string };

/** Finds a user by name or number; undefined where there is none. */
export type FindUser = (name: string) => Promise<User | undefined>;

/**
 * @param asked the name that the host's settings give
 * @param ownUid of this program; undefined where there are no users
 */
export async function chooseJobUser(
  asked: string | undefined,
  ownUid: number | undefined,
  find: FindUser,
): Promise<JobUser> {
  if (ownUid !== 0) {
    const because = `the job runs as this program's own user, ${ownUid ?? 'the only one'}: root alone can run it as another`;
    return { kind: 'own', because };
  }
  const user = await find(asked ?? DEFAULT_USER);
  if (user?.uid === 0) return { kind: 'own' };
  if (user !== undefined) return { kind: 'other', user };
  if (asked !== undefined) return { kind: 'missing', name: asked };
  const because = `the job runs as root: this host has no user ${DEFAULT_USER}, and BATON_RUN_AS names no other`;
  return { kind: 'own', because };
}

/** Asks the host's user database, directory services included. */
export async function findUser(name: string): Promise<User | undefined> {
  try {
    return parseUser((await promisify(execFile)('getent', ['passwd', '--', name])).stdout);
  } catch {
    return undefined;
  }
}

export function parseUser(line: string): User | undefined {
  const [name, , uid, gid, , home, shell] = line.trimEnd().split(':');
  const numbers = /^\d+$/.test(uid ?? '') && /^\d+$/.test(gid ?? '');
  if (!name || !numbers || home === undefined || shell === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' };
}

/** What of the host's environment a job is given: where it is, how it reaches the network and AWS, and no credential. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|AWS_(DEFAULT_)?REGION|AWS_SSM_\w+|AWS_EC2_METADATA_\w+|AWS_ENDPOINT_URL\w*|AWS_CA_BUNDLE|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|(HTTPS?|NO|ALL)_PROXY)$/i;

/** The host's environment as far as a job is given it, and who the job is where that is not the notifier's own user. */
export function inheritedEnvironment(host: NodeJS.ProcessEnv, jobUser: JobUser): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(host).filter(([name]) => PASSED_ON.test(name)));
  if (jobUser.kind !== 'other') return inherited;
  const { name, home, shell } = jobUser.user;
  return { ...inherited, HOME: home, USER: name, LOGNAME: name, SHELL: shell };
}
