/** The adapters over Systems Manager, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { CommandObserver, CommandSender } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export interface SsmOptions {
  /** For SendCommand. */
  readonly single: ClientOptions;
  readonly repeatable: ClientOptions;
}

export function commandSender({ single, repeatable }: SsmOptions, documentName: string): CommandSender {
  const sender = once(async () => {
    const { SSMClient, ssmCommandSender } = await import('./ssm-commands.ts');
    const clients = { single: new SSMClient(single), repeating: new SSMClient(repeatable) };
    return ssmCommandSender(clients, documentName);
  });
  return {
    send: async (command) => (await sender()).send(command),
    find: async (callbackId, since) => (await sender()).find(callbackId, since),
  };
}

export function commandObserver(options: ClientOptions): CommandObserver {
  const observer = once(async () => {
    const { SSMClient, ssmCommandObserver } = await import('./ssm-commands.ts');
    return ssmCommandObserver(new SSMClient(options));
  });
  return {
    callbackIdOf: async (commandId) => (await observer()).callbackIdOf(commandId),
    invocation: async (commandId, instanceId) => (await observer()).invocation(commandId, instanceId),
    cancel: async (commandId) => (await observer()).cancel(commandId),
  };
}
