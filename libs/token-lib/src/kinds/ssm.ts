/** A process on an EC2 host, started by SSM Run Command. */
import * as z from 'zod/mini';
import type { CommandSender, Pause, SendAnswer } from './start-ports.ts';
import { errorName } from '../wire/errors.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import type { Startable, Started, Starter } from './start.ts';

/** SSM's limit for executionTimeout: 48 hours (documented: AWS-RunShellScript). */
export const MAX_SSM_TIMEOUT_SECONDS = 172_800;

const text = z.string().check(z.minLength(1));

export const SsmWork = z
  .strictObject({
    kind: z.literal('ssm'),
    instanceId: z.string().check(
      // IAM lets the dispatcher command EC2 instances with the platform's tag, and a claim is bound to an instance's own role.
      z.regex(/^i-[0-9a-zA-Z]{1,40}$/, {
        error:
          'must be the id of an EC2 instance, e.g. i-0123456789abcdef0; machines of a hybrid activation (mi-...) cannot be hosts',
      }),
    ),
    /** argv, run without a shell. */
    command: z.optional(z.array(z.string()).check(z.minLength(1))),
    /** A script for `sh -c`. */
    shell: z.optional(text),
    workingDirectory: z.optional(text),
    environment: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), z.string())),
    /** The state's TimeoutSeconds. */
    timeoutSeconds: z.number().check(
      z.int(),
      z.gte(1),
      z.lte(MAX_SSM_TIMEOUT_SECONDS, {
        error: `SSM runs a command for ${MAX_SSM_TIMEOUT_SECONDS} seconds (48 hours) at most`,
      }),
    ),
    /** The state's HeartbeatSeconds. */
    heartbeatSeconds: z.number().check(z.int(), z.gte(1)),
  })
  .check(
    z.refine((work) => (work.command === undefined) !== (work.shell === undefined), {
      error: 'needs exactly one of command (a list: program and arguments) and shell (a script)',
    }),
    z.refine((work) => work.heartbeatSeconds < work.timeoutSeconds, {
      error: 'heartbeatSeconds must be smaller than timeoutSeconds, as in the state',
      path: ['heartbeatSeconds'],
    }),
  );
export type SsmWork = z.infer<typeof SsmWork>;

export interface SsmStarterPorts {
  readonly commands: CommandSender;
  readonly pause: Pause;
}

/**
 * Sends the run document to the host. If an answer leaves open whether the command was sent, the command is looked up by
 * its Comment before it is sent again (L5). If two are sent all the same, only one claim is granted (L7).
 */
export function ssmStarter({ commands, pause }: SsmStarterPorts): Starter<SsmWork> {
  return async (callback, { instanceId, timeoutSeconds }, resumed) => {
    const { callbackId } = callback;
    let mayBeSent = resumed;
    const attempt = async (): Promise<SendAnswer | Started> => {
      const found = mayBeSent ? await lookUp(commands, callback) : undefined;
      if (found !== undefined) return found;
      const sent = await commands.send({ callbackId, instanceId, timeoutSeconds });
      mayBeSent ||= sent.answer === 'unknown';
      return sent;
    };
    const isFinal = ({ answer }: SendAnswer | Started) => answer !== 'throttled' && answer !== 'unknown';
    const said = await retry(attempt, { isFinal, pauses: PAUSES.start, pause });
    switch (said.answer) {
      case 'started':
      case 'failed':
        return said;
      case 'sent':
        return { answer: 'started', receipt: said.commandId };
      case 'refused':
        return { answer: 'failed', code: said.code, why: `${instanceId}: ${said.why}` };
      case 'throttled':
      case 'unknown': {
        const found = mayBeSent ? await lookUp(commands, callback) : undefined;
        const why = `${instanceId}: SSM did not take the command (${said.why})`;
        return found ?? { answer: 'failed', code: 'DispatchFailed', why };
      }
    }
  };
}

/**
 * If SSM cannot say, the dispatch fails. Should the command have been sent after all, its claim is refused, because the
 * row is closed by then.
 */
async function lookUp(commands: CommandSender, { callbackId, createdAt }: Startable): Promise<Started | undefined> {
  try {
    const receipt = await commands.find(callbackId, createdAt);
    return receipt === undefined ? undefined : { answer: 'started', receipt };
  } catch (error) {
    const why = `SSM did not say whether the command was sent (${errorName(error)})`;
    return { answer: 'failed', code: 'DispatchFailed', why };
  }
}
