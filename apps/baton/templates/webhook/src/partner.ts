/** Plays the partner in a local run: takes a job, and calls back when it is done. Prints its address first. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Job {
  readonly callbackUrl: string;
  readonly payload: { readonly parcel: string };
}

const server = createServer(async (request, response) => {
  const { callbackUrl, payload } = (await json(request)) as Job;
  response.writeHead(202).end();
  const body = JSON.stringify({ status: 'success', output: { shipped: payload.parcel } });
  await fetch(callbackUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
