import { AwsError } from '@baton/local-aws';

/** Makes calls of AWS go wrong. An action is named as AWS does, e.g. `SendTaskSuccess`. */
export interface Faults {
  /** The next `times` calls (1) are refused with ThrottlingException. */
  throttle(action: string, options?: { readonly times?: number }): void;
  /** The next `times` calls (1) are refused with this error. */
  refuse(action: string, error: string, options?: { readonly times?: number }): void;
  /** The next `times` calls (1) act, and their answers are lost. */
  loseAnswer(action: string, options?: { readonly times?: number }): void;
}

interface Fault {
  readonly action: string;
  readonly error: AwsError;
  readonly acts: boolean;
  left: number;
}

export interface FaultSteps extends Faults {
  /** Calls the action, or has it fail. */
  pass<T>(action: string, act: () => Promise<T>): Promise<T>;
}

export function createFaults(): FaultSteps {
  const faults: Fault[] = [];
  const add = (action: string, error: AwsError, acts: boolean, times = 1): void =>
    void faults.push({ action: action.replace(/^.*:/, ''), error, acts, left: times });
  return {
    throttle: (action, { times } = {}) =>
      add(action, new AwsError('ThrottlingException', 'Rate exceeded'), false, times),
    refuse: (action, error, { times } = {}) => add(action, new AwsError(error, 'refused by the test'), false, times),
    loseAnswer: (action, { times } = {}) =>
      add(action, new AwsError('TimeoutError', 'the answer was lost', 500), true, times),
    async pass(action, act) {
      const fault = faults.find((each) => each.action === action && each.left > 0);
      if (fault === undefined) return act();
      fault.left -= 1;
      if (fault.acts) await act();
      throw fault.error;
    },
  };
}
