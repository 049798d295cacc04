import { CliError } from './terminal.ts';

export interface Interruption {
  /** Aborted by Ctrl-C or SIGTERM; the reason is the error that the command ends with. */
  readonly signal: AbortSignal;
  release(): void;
}

/** For commands that keep something running: the first Ctrl-C asks for an orderly end, the second exits at once. */
export function watchInterruption(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new CliError('interrupted', 1));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

/**
 * Exits on what would otherwise end the process without its exit handlers, which end the hosts: a closed terminal, a pipe that is no longer
 * read (`| head`), and a parent (bin/baton.js) that was killed.
 */
export function exitOnLostPeers(): void {
  process.on('SIGHUP', () => process.exit(129));
  process.stdout.on('error', () => process.exit(1));
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
}
