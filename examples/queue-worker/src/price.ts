import type { NumberRequest } from './half.ts';

const CENTS_EACH = 250;

/** What so many cost. */
export const price = async ({ request }: NumberRequest) => ({ price: request.number * CENTS_EACH });
