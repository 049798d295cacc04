import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCondition, type ContextValue } from './condition.ts';
import { parsePolicy, PolicyError, type PolicyKind } from './document.ts';
import { contextOf, evaluate, type ApplicablePolicies, type AuthorizationRequest, type Decision } from './evaluate.ts';
import { compilePattern, matches } from './pattern.ts';
import { principalOf, type Principal } from './principal.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8'));

interface Table {
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly rows: readonly (readonly unknown[])[];
}
const ACCOUNT = '123456789012';
const ANN: Principal = { kind: 'user', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ann` };
const named = (document: unknown, kind: PolicyKind = 'identity') => ({
  name: kind,
  policy: parsePolicy(JSON.stringify(document), kind),
});
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const textsOf = (value: unknown): string[] => [value].flat().map(String);

describe('condition operators', () => {
  const { context, rows } = read('conditions') as Table;
  test.each(rows.map((row) => ({ row, title: JSON.stringify(row) })))('$title', ({ row }) => {
    const [operator, expected, given, holds] = row as [string, unknown, ContextValue | null, boolean];
    const values = contextOf(given === null ? context : { ...context, 'aws:Given': given });
    const condition = compileCondition(operator, 'aws:Given', textsOf(expected), true);
    const resolve = (key: string) => {
      const value = values(key.toLowerCase());
      return typeof value === 'string' ? value : undefined;
    };
    expect(condition?.holds(values, resolve)).toBe(holds);
  });
});

describe.each(['actions', 'resources'])('%s', (name) => {
  const { context, rows } = read(name) as Table;
  // The fourth column: whether NotAction or NotResource is about the request.
  test.each(rows as [string, string, boolean, boolean?][])(
    '%s %s %s',
    (pattern, asked, isMatch, isOpposite = !isMatch) => {
      const [Action, Resource] = name === 'actions' ? [pattern, '*'] : ['*', pattern];
      const [action, resource] = name === 'actions' ? [asked, '*'] : ['sqs:SendMessage', asked];
      const request = { principal: ANN, action, resource, resourceAccountId: ACCOUNT, context: contextOf(context) };
      const identity = [named(document({ Effect: 'Allow', Action, Resource }))];
      expect(evaluate(request, { identity }).allowed).toBe(isMatch);
      const opposite = name === 'actions' ? { NotAction: Action, Resource } : { Action, NotResource: Resource };
      const not = [named(document({ Effect: 'Allow', ...opposite }))];
      expect(evaluate(request, { identity: not }).allowed).toBe(isOpposite);
    },
  );
});

interface DecisionCase {
  readonly name: string;
  readonly principal: string;
  readonly roleArn?: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
  readonly unknownKeys?: readonly string[];
  readonly policies: {
    readonly identity?: readonly object[];
    readonly resource?: object;
    readonly boundary?: object;
    readonly session?: readonly object[];
    readonly resourceMustAllow?: boolean;
    readonly trust?: boolean;
  };
  readonly decision: Partial<Decision> & { readonly unnamed?: boolean };
}

describe('decisions', () => {
  test.each(read('decisions') as DecisionCase[])('$name', (given) => {
    const { identity, resource, boundary, session, resourceMustAllow, trust } = given.policies;
    const unknown = (given.unknownKeys ?? []).map((key) => key.toLowerCase());
    const decision = evaluate(
      {
        ...given,
        principal: principalOf(given.principal, given.roleArn) as Principal,
        context: contextOf(given.context ?? {}),
        isKnownKey: (key) => !unknown.includes(key),
      },
      {
        identity: identity?.map((each) => named(each)),
        resource: resource && named(resource, trust ? 'trust' : 'resource'),
        boundary: boundary && named(boundary),
        session: session?.map((each) => named(each)),
        resourceMustAllow,
      },
    );
    const { unnamed, ...wanted } = given.decision;
    expect(decision).toMatchObject(wanted);
    expect(decision.unknownKeys).toEqual(unnamed ? [] : (given.unknownKeys ?? []));
  });
});

describe('what is no policy is refused', () => {
  test.each(read('malformed') as [PolicyKind, string, unknown, string][])('%s: %s', (kind, _, given, message) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    expect(() => parsePolicy(text, kind)).toThrow(new PolicyError(message));
  });
});

describe('properties', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?', '.', '\n'), maxLength: 12 });

  test('a pattern matches what the regular expression of the same meaning matches', () => {
    fc.assert(
      fc.property(word, word, (source, given) => {
        const escaped = source.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
        const expression = new RegExp(`^${escaped.replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 's');
        const pattern = compilePattern(source, { variables: true, wildcards: true });
        expect(matches(pattern, given, () => undefined)).toBe(expression.test(given));
      }),
      { numRuns: 2000 },
    );
  });

  const actions = fc.constantFrom('sqs:SendMessage', 'sqs:*', 'sns:Publish', '*');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: actions,
    Resource: fc.constantFrom('*', 'arn:aws:sqs:*:*:q', 'arn:aws:sqs:us-east-1:123456789012:*', 'arn:aws:sns:*:*:*'),
  });
  const policies = fc.record({
    identity: fc.array(statement, { maxLength: 4 }),
    boundary: fc.option(fc.array(statement, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    session: fc.option(fc.array(statement, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    resource: fc.option(
      fc.array(fc.tuple(statement, fc.constantFrom('*', ACCOUNT, `arn:aws:iam::${ACCOUNT}:role/r`, 's')), {
        minLength: 1,
        maxLength: 3,
      }),
      { nil: undefined },
    ),
  });
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`;
  const request: AuthorizationRequest = {
    principal: principalOf(arn) as Principal,
    action: 'sqs:SendMessage',
    resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:q`,
    context: contextOf({}),
  };
  type Drawn = typeof policies extends fc.Arbitrary<infer T> ? T : never;
  const toPolicies = ({ identity, boundary, session, resource }: Drawn): ApplicablePolicies => ({
    identity: identity.map((each, index) => ({ ...named(document(each)), name: `identity ${index}` })),
    boundary: boundary && named(document(...boundary)),
    session: session && [named(document(...session))],
    resource:
      resource &&
      named(
        document(...resource.map(([each, AWS]) => ({ ...each, Principal: { AWS: AWS === 's' ? arn : AWS } }))),
        'resource',
      ),
  });

  test('one more deny never allows', () => {
    fc.assert(
      fc.property(policies, actions, (drawn, Action) => {
        const before = evaluate(request, toPolicies(drawn));
        const more = {
          ...drawn,
          identity: [...drawn.identity, { Effect: 'Deny' as const, Action, Resource: '*' as const }],
        };
        if (!before.allowed) expect(evaluate(request, toPolicies(more)).allowed).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a statement of the identity is needed where it is alone in a gate, and nowhere else', () => {
    fc.assert(
      fc.property(policies, (drawn) => {
        const decision = evaluate(request, toPolicies(drawn));
        if (!decision.allowed) return;
        const alone = decision.gates.flatMap((gate) => (gate.length === 1 ? gate : [])).map(({ policy }) => policy);
        for (const index of drawn.identity.keys()) {
          const without = evaluate(request, toPolicies({ ...drawn, identity: drawn.identity.toSpliced(index, 1) }));
          expect(without.allowed).toBe(!alone.includes(`identity ${index}`));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
