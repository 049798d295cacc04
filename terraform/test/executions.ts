import type { LocalAws } from '@baton/local-aws';

export interface Ended {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly cause: unknown;
}

export interface Executions {
  /** Starts an execution. `ended` resolves when it has ended. */
  run(stateMachineArn: string, input: unknown): { readonly ended: Promise<Ended> };
  /** Resolves with the next call of the action that comes. */
  called(service: string, action: string): Promise<void>;
  /** Resolves with what is looked for, as soon as it is there. It looks again after every call. */
  when<T>(look: () => T | undefined): Promise<T>;
}

/** Executions on the local AWS, by what is seen of them: nothing is asked again and again. */
export function executionsOf(aws: LocalAws): Executions {
  const when: Executions['when'] = (look) =>
    new Promise((resolve) => {
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const stop = aws.observe({ call: again, event: again });
      again();
    });

  const ended = async (executionArn: string): Promise<Ended> => {
    const over = new Promise<void>((resolve) => {
      const stop = aws.observe({
        event({ detail }) {
          if (detail['executionArn'] !== executionArn || detail['status'] === 'RUNNING') return;
          stop();
          resolve();
        },
      });
    });
    const describe = () => aws.call('states:DescribeExecution', { executionArn });
    if ((await describe())['status'] === 'RUNNING') await over;
    const { status, output, error, cause } = await describe();
    return {
      status: String(status),
      output: typeof output === 'string' ? (JSON.parse(output) as unknown) : undefined,
      error,
      cause,
    };
  };

  return {
    when,
    run: (stateMachineArn, input) => ({
      ended: aws
        .call('states:StartExecution', { stateMachineArn, input: JSON.stringify(input) })
        .then((started) => ended(String(started['executionArn']))),
    }),
    called: (service, action) =>
      new Promise((resolve) => {
        const stop = aws.observe({
          call(call) {
            if (call.service !== service || call.action !== action) return;
            stop();
            resolve();
          },
        });
      }),
  };
}
