/** Something that the user can mend: the message says what and how. Exit statuses follow sysexits(3). */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: 1 | 64 | 65 | 66 | 69 = 64) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
