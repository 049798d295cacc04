/** npm run chaos:orders: plays every case of orders.ts, and exits with 1 when one goes wrong. A number plays each so-manieth only. */
import { cases, play } from './orders.ts';

const every = Number(process.argv[2] ?? 1);
const { calls } = await play({ first: 10, second: 40 }, []);
let count = 0;
let failed = 0;
for (const { order, faults } of cases(calls, every)) {
  const { wrong } = await play(order, faults);
  count += 1;
  if (wrong.length === 0) continue;
  failed += 1;
  if (failed <= 20) console.log(JSON.stringify({ order, faults, wrong }));
}
console.log(JSON.stringify({ calls, cases: count, failed }));
process.exitCode = failed === 0 ? 0 : 1;
