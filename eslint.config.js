import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** Who may import whom. The rooms and the reasons are in ARCHITECTURE.md; tools/boundaries proves that the rule bites. */
const depConstraints = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:domain'] },
  {
    sourceTag: 'type:cli',
    onlyDependOnLibsWithTags: ['type:console', 'type:domain', 'type:engine', 'type:emulator', 'type:local'],
  },
  { sourceTag: 'type:console', onlyDependOnLibsWithTags: ['type:domain', 'type:engine'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'type:engine',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['@aws-sdk/*'],
  },
  {
    sourceTag: 'type:emulator',
    onlyDependOnLibsWithTags: ['type:engine'],
    bannedExternalImports: ['@aws-sdk/client-*'],
  },
  { sourceTag: 'type:local', onlyDependOnLibsWithTags: ['type:local', 'type:engine', 'type:emulator', 'type:domain'] },
  { sourceTag: 'type:example', onlyDependOnLibsWithTags: ['type:local', 'type:domain'] },
  { sourceTag: 'type:workspace', onlyDependOnLibsWithTags: ['*'] },
];

/**
 * The layers of the local AWS: kernel <- kit <- services, the wire beside them sees the kernel only, and services reach each other
 * by `world.call` or by a port that `local-aws.ts` hands them.
 */
const localAws = 'libs/local-aws/src';
const stepFunctions = `${localAws}/services/step-functions`;
const services = readdirSync(new URL(`${localAws}/services`, import.meta.url));
const layers = [
  { target: `${localAws}/kernel`, from: localAws, except: ['kernel'], message: 'The kernel knows nobody.' },
  { target: `${localAws}/kit`, from: localAws, except: ['kit', 'kernel'], message: 'The kit sees the kernel only.' },
  { target: `${localAws}/wire`, from: localAws, except: ['wire', 'kernel'], message: 'The wire sees the kernel only.' },
  ...services.map((service) => ({
    target: `${localAws}/services/${service}`,
    from: localAws,
    except: ['kernel', 'kit', `services/${service}`],
    message: 'A service sees the kernel and the kit; it reaches others by world.call or by a port.',
  })),
  ...Object.entries({ run: [], api: ['run'], integrations: ['run'] }).map(([layer, seen]) => ({
    target: `${stepFunctions}/${layer}`,
    from: stepFunctions,
    except: [layer, ...seen, 'arn.ts', 'json-text.ts', 'refusals.ts'],
    message: 'The API and the integrations see what runs; it sees neither.',
  })),
];

const domain = 'libs/token-lib/src';

/** The layers of the domain: a folder, and those that it may not import from. Types of ports.ts are everybody's. */
const domainLayers = Object.entries({
  wire: ['kinds', 'lifecycle', 'operations', 'aws', 'worker', 'testing'],
  kinds: ['operations', 'aws', 'worker', 'testing'],
  lifecycle: ['operations', 'aws', 'worker', 'testing'],
  operations: ['aws', 'worker', 'testing'],
  aws: ['operations', 'worker', 'testing'],
  worker: ['kinds', 'lifecycle', 'operations', 'testing'],
}).flatMap(([layer, forbidden]) =>
  forbidden.map((from) => ({
    target: `${domain}/${layer}`,
    from: `${domain}/${from}`,
    message: `In the domain, ${layer} does not see ${from}.`,
  })),
);

/**
 * Files that are exempt from a rule of size or shape, each with its reason. Tests are exempt from both rules of size. tools/boundaries fails
 * while an entry is needed by no file.
 */
export const exceptions = {
  'max-lines': {
    'a table of data': ['terraform/mutants/mutants.ts', 'tools/chaos/mutants.ts'],
  },
  'max-lines-per-function': {
    'a suite of tests that several adapters pass, or a fake of a whole table': [
      'libs/token-lib/src/testing/memory-table.ts',
      'libs/token-lib/src/testing/table-contract.ts',
    ],
    'a kit of tests: one closure over what it starts': [
      'apps/completer/test/world.ts',
      'apps/ec2-agent-notifier/test/baton-server.ts',
    ],
    'a table of actions, each of which is short': [
      'libs/local-aws/src/services/kms/{alias,crypto,key,policy}-actions.ts',
      'libs/local-aws/src/services/lambda/alias-actions.ts',
      'libs/local-aws/src/services/logs/log-groups.ts',
      'libs/local-aws/src/services/ssm/document-actions.ts',
    ],
    'one closure over the state that its short functions share': [
      'libs/local-aws/src/local-aws.ts',
      'libs/local-aws/src/services/dynamodb/expressions/parse-condition.ts',
      'libs/local-aws/src/services/ec2/hosts.ts',
      'libs/local-aws/src/services/ssm/dispatch.ts',
    ],
    'a simulated service or world, or a table of handlers: one closure over the state that its short functions share': [
      'tools/chaos/{completer,host,oracle,order-model,orders,simulate,step-functions}.ts',
    ],
    'shipped to a thread as text': ['libs/local-aws/src/services/lambda/runtime.ts'],
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '**/*.js',
      '**/*.mjs',
      'tools/boundaries/fixtures/**',
      'tools/packages/outside/**',
      'apps/baton/templates/**',
    ],
  },
  tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      // Relative imports only: that libraries form no circle is the rule above.
      'import-x/resolver-next': [createNodeResolver()],
    },
    rules: {
      // Imports of types alone may go in a circle: nothing of them is left at run time.
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@nx/enforce-module-boundaries': ['error', { depConstraints, banTransitiveDependencies: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: [`${localAws}/**/*.ts`],
    ignores: ['**/*.test.ts', '**/testing.ts'],
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: layers }],
    },
  },
  {
    files: [`${domain}/**/*.ts`],
    ignores: ['**/*.test.ts', '**/testing.ts'],
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: domainLayers }],
    },
  },
  {
    files: ['libs/token-lib/src/**/*.ts'],
    ignores: ['libs/token-lib/src/aws/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@aws-sdk/*'], message: 'The AWS SDK enters the domain only through src/aws.' }] },
      ],
    },
  },
  {
    files: ['libs/asl/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*'], message: 'The engine has no I/O: hash, uuid and random come in by a port.' }],
        },
      ],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'process', 'Buffer', 'fetch', 'crypto'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Chance is an argument.' },
      ],
    },
  },
  {
    // Tests of the console start what it looks at.
    files: ['apps/console/test/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
    },
  },
  ...Object.entries(exceptions).map(([rule, reasons]) => ({
    files: Object.values(reasons).flat(),
    rules: { [rule]: 'off' },
  })),
  prettier,
);
