import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Entry } from '../timeline.ts';
import { createDecisions, linkIn } from './decisions.ts';

test('a link is found in a mail, whatever stands around it', () => {
  expect(linkIn('Look here:\nhttp://127.0.0.1:1/x/approvals/approval.a.b\n\nThe link is yours.')).toBe(
    'http://127.0.0.1:1/x/approvals/approval.a.b',
  );
  expect(linkIn('http://127.0.0.1:1/_aws/sns/?Action=Unsubscribe')).toBeUndefined();
});

test('people decide one after the other, by a form that is posted', async () => {
  const posted: string[] = [];
  const both = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      posted.push(`${request.method} ${request.url} ${new URLSearchParams(body).get('decision')}`);
      response.end(() => posted.length === 2 && both.resolve());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const printed: Entry[] = [];
  const onMail = createDecisions('deny', (entry) => printed.push(entry));
  onMail({ to: 'ann', text: `http://127.0.0.1:${port}/approvals/a` });
  onMail({ to: 'ben', text: `http://127.0.0.1:${port}/approvals/b` });
  await both.promise;
  server.close();
  expect(posted).toEqual(['POST /approvals/a denied', 'POST /approvals/b denied']);
  expect(printed.map(({ title }) => title)).toEqual(['decide here', 'decide here', 'deny', 'deny']);
});

test('without a decision the link is shown, and left to the person', () => {
  const printed: Entry[] = [];
  createDecisions(undefined, (entry) => printed.push(entry))({ to: 'ann', text: 'http://127.0.0.1:1/approvals/a' });
  expect(printed).toEqual([{ kind: 'step', title: 'decide here', detail: 'as ann: http://127.0.0.1:1/approvals/a' }]);
});
