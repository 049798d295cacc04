import { parseArgs } from 'node:util';
import { CallbackId } from '@baton/token-lib';
import { EXIT, ExitError, messageOf } from './exit-codes.ts';

export const USAGE = `Usage: ec2-agent-notifier run --callback-id ID --endpoint URL [--state-directory DIR]
       ec2-agent-notifier recover --endpoint URL [--state-directory DIR]

  run        claims the callback, runs the job that the claim grants and reports its outcome
  recover    reports what a reboot or a crash left unreported; for boot time

  --callback-id ID        the public name of the callback, 26 characters
  --endpoint URL          where Baton's HTTP API answers
  --state-directory DIR   where markers are kept (BATON_STATE_DIRECTORY, else /var/lib/baton-notifier)
`;

interface Common {
  readonly endpoint: string;
  readonly stateDirectory: string | undefined;
}
export type Arguments =
  /** `supervise` is not for people: `run` starts this program so, beside its job. */
  | (Common & { readonly verb: 'run' | 'supervise'; readonly callbackId: string })
  | (Common & { readonly verb: 'recover' })
  | { readonly verb: 'help' };

/** @throws {ExitError} 64, naming the wrong part of the command line. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = split(argv);
  if (values.help === true) return { verb: 'help' };
  const [verb, ...surplus] = positionals;
  if (surplus.length > 0) throw usage(`unexpected argument "${surplus.join(' ')}"`);
  const stateDirectory = values['state-directory'];
  if (stateDirectory === '') throw usage('--state-directory is empty');
  const callbackId = values['callback-id'];
  switch (verb) {
    case 'run':
    case 'supervise':
      return {
        verb,
        callbackId: checkCallbackId(callbackId),
        endpoint: checkEndpoint(values.endpoint),
        stateDirectory,
      };
    case 'recover':
      if (callbackId !== undefined) throw usage('recover takes no --callback-id: it looks at every marker');
      return { verb, endpoint: checkEndpoint(values.endpoint), stateDirectory };
    case undefined:
      throw usage('say "run" or "recover"');
    default:
      throw usage(`unknown command "${verb}", expected "run" or "recover"`);
  }
}

function split(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'callback-id': { type: 'string' },
        endpoint: { type: 'string' },
        'state-directory': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw usage(messageOf(error));
  }
}

function checkCallbackId(text: string | undefined): string {
  if (text === undefined) throw usage('--callback-id is missing');
  if (!CallbackId.safeParse(text).success) {
    throw usage('--callback-id is malformed: expected 26 characters of 0-9 and a-z without i, l, o and u');
  }
  return text;
}

function checkEndpoint(text: string | undefined): string {
  if (text === undefined) throw usage('--endpoint is missing');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw usage(`--endpoint "${text}" is not an http or https URL`);
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw usage('--endpoint must not have a query, a fragment or credentials');
  }
  return url.href.replace(/\/+$/, '');
}

function usage(problem: string): ExitError {
  return new ExitError(EXIT.usage, `${problem}\n\n${USAGE}`);
}
