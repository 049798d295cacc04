/** What starts work, over the simulated services. */
import {
  approvalStarter,
  askByTopic,
  CallbackId,
  type DispatchPorts,
  lambdaStarter,
  type LinkKeys,
  queueStarter,
  ssmStarter,
  type StartAnswer,
  webhookStarter,
  WorkSecret,
} from '@baton/token-lib';
import * as z from 'zod/mini';
import type { CallPort, Ports } from './ports.ts';
import type { Oracle } from './oracle.ts';
import type { People } from './people.ts';
import type { Given, Workers } from './workers.ts';

export interface StarterWorld {
  readonly workers: () => Workers;
  readonly people: () => People;
  readonly linkKeys: LinkKeys;
  readonly oracle: Oracle;
  readonly isDurable: (callbackId: CallbackId) => boolean;
}

const again = (why: string): StartAnswer => ({ answer: 'again', why });
const started: StartAnswer = { answer: 'started', receipt: 'receipt' };

export function startersOf({ sender, pause, call }: Ports, world: StarterWorld): DispatchPorts['starters'] {
  const { linkKeys, people, workers } = world;
  const start = (what: string, act: () => void): Promise<StartAnswer> =>
    call(
      what,
      undefined,
      () => {
        act();
        return started;
      },
      again,
    );
  const links = { linkKeys: signing(linkKeys, call), endpoint: 'https://baton.test', pause };
  return {
    ssm: ssmStarter({ commands: sender, pause }),
    queue: queueStarter({
      queues: { send: ({ body }) => start('send work', () => workers().queue.send(givenIn(world, body))) },
      pause,
    }),
    lambda: lambdaStarter({
      functions: { invoke: (_, payload) => start('invoke', () => workers().invoke(givenIn(world, payload))) },
      pause,
    }),
    approval: approvalStarter({
      asking: askByTopic({
        ...links,
        notices: {
          whyUnread: async () => undefined,
          send: ({ text }) => start('notice', () => people().notice(textIn(text))),
        },
      }),
    }),
    webhook: webhookStarter({
      ...links,
      allowsLoopback: false,
      partners: {
        post: ({ body }) =>
          call<{ status: number | undefined }>(
            'call the partner',
            undefined,
            () => {
              people().partner(PartnerBody.parse(JSON.parse(body)).callbackUrl);
              return { status: 202 };
            },
            (why) => ({ status: why === 'ThrottlingException' ? 429 : undefined }),
          ),
      },
    }),
  };
}

const PartnerBody = z.object({ callbackUrl: z.string() });
const Body = z.looseObject({
  callbackId: CallbackId,
  workSecret: z.optional(z.unknown()),
  heartbeatSeconds: z.optional(z.number()),
});

function givenIn({ oracle, isDurable }: StarterWorld, text: string): Given {
  if (text.includes('TOKEN')) oracle.violated('unhandled', '', 'a token is in a message (L3)');
  const { callbackId, workSecret, heartbeatSeconds } = Body.parse(JSON.parse(text));
  if (!isDurable(callbackId)) oracle.violated('unhandled', callbackId, 'started before its callback was durable (L5)');
  return { callbackId, secret: WorkSecret.of(workSecret), heartbeatSeconds };
}

/** The link stands on a line of its own. */
const textIn = (text: string): string => text.split('\n').find((line) => line.startsWith('https://')) ?? '';

/** KMS signs, or does not. */
const signing = ({ mac, keyIds }: LinkKeys, call: CallPort): LinkKeys => ({
  keyIds,
  mac: {
    sign: (keyId, message) => call('sign', undefined, () => mac.sign(keyId, message)),
    verify: (keyId, message, signature) => call('verify', undefined, () => mac.verify(keyId, message, signature)),
  },
});
