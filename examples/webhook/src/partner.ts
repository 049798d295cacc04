/**
 * A partner of whom only the HTTP endpoint is known: takes a job and the URL to call back, says 202, and calls back when it is done.
 * It prints its address, and has no part in Baton.
 *
 * The job's own `wish` chooses what it does: `refuse` does not take the job, `fail` takes it and fails, `wait` keeps it. Anything else
 * succeeds. GET returns the jobs that it has taken.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Job {
  readonly callbackUrl: string;
  readonly expiresAt: string;
  readonly payload: { readonly parcel?: string; readonly to?: string; readonly wish?: string };
}

const jobs: Job[] = [];

const server = createServer((request, response) => {
  const answering = request.method === 'GET' ? list(response) : take(request, response);
  answering.catch((error: Error) => response.writeHead(400).end(`${error.message}\n`));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`));

async function list(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jobs));
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const job = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Job;
  const { wish, parcel, to } = job.payload;
  if (wish === 'refuse') {
    response.writeHead(422).end('we do not ship that\n');
    return;
  }
  jobs.push(job);
  response.writeHead(202).end();
  if (wish === 'wait') return;
  const failed = { status: 'failure', error: 'NoSuchAddress', cause: `${to} is not on our map` };
  const shipped = { status: 'success', output: { parcel, to, tracking: `TRACK-${parcel}` } };
  await callBack(job.callbackUrl, wish === 'fail' ? failed : shipped);
}

const PAUSES_MILLISECONDS = [200, 1_000, 5_000];

/** Until it is taken, or refused for good. */
async function callBack(url: string, report: object): Promise<void> {
  for (const pause of [...PAUSES_MILLISECONDS, undefined]) {
    const status = await post(url, report);
    if ((status < 500 && status !== 429) || pause === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function post(url: string, report: object): Promise<number> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(report) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 503;
  }
}
