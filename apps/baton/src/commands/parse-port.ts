import { CliError } from '../terminal.ts';

/** Parses a port of this machine. @throws {CliError} for anything else */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CliError(`"${text}" is not a port: give a number from 1 to 65535, or 0 for a free one`);
  }
  return port;
}
