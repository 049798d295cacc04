import { lambdaWorker } from '@baton/worker';
import { print } from './work.ts';

export const printer = lambdaWorker(print);
