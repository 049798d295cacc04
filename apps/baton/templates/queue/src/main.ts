import { queueWorker } from '@baton/worker';
import { resize } from './work.ts';

export const resizeWorker = queueWorker(resize);
