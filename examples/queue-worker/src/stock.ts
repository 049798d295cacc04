import type { NumberRequest } from './half.ts';

const IN_STOCK = 1_000;

/** Whether so many are there. */
export async function stock({ request: { number, trouble = {} } }: NumberRequest) {
  if (trouble.crashes === 'stock') process.exit(1);
  return { stock: { there: IN_STOCK, enough: number <= IN_STOCK } };
}
