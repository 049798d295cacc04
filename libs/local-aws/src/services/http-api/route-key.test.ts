import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchRoute, parseRouteKey } from './route-key.ts';

const fixed = fc.stringMatching(/^[a-z0-9~-]{1,6}$/);

test('a path made from a route matches it, with its parameters decoded', () => {
  const parts = fc.uniqueArray(fc.record({ name: fixed, value: fc.option(fc.string({ minLength: 1 })) }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(parts, (segments) => {
      const key = parseRouteKey(
        `GET /${segments.map(({ name, value }) => (value === null ? name : `{${name}}`)).join('/')}`,
      );
      const path = `/${segments.map(({ name, value }) => (value === null ? name : encodeURIComponent(value))).join('/')}`;
      const expected = segments.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]));
      expect(matchRoute(key, 'GET', path)).toEqual(Object.fromEntries(expected));
      expect(matchRoute(key, 'POST', path)).toBeUndefined();
      expect(matchRoute(key, 'GET', `${path}/more`)).toBeUndefined();
    }),
  );
});

test.each([
  ['GET /a/{rest+}', '/a/b/c', { rest: 'b/c' }],
  ['GET /a/{rest+}', '/a', undefined],
  ['GET /a/{id}', '/a/', undefined],
  ['GET /a/{id}', '/a/%zz', { id: '%zz' }],
  ['GET /', '/', {}],
  ['$default', '/anything', {}],
])('%s takes %s as %j', (key, path, parameters) => {
  expect(matchRoute(parseRouteKey(key), 'GET', path)).toEqual(parameters);
});
