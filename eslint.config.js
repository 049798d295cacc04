import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Who may import whom. The rooms and the reasons are in ARCHITECTURE.md; tools/boundaries proves that the rule bites. */
const depConstraints = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:domain'] },
  { sourceTag: 'type:cli', onlyDependOnLibsWithTags: ['type:domain', 'type:engine', 'type:emulator', 'type:local'] },
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
  { sourceTag: 'type:local', onlyDependOnLibsWithTags: ['type:emulator', 'type:domain'] },
  { sourceTag: 'type:example', onlyDependOnLibsWithTags: ['type:local', 'type:domain'] },
  { sourceTag: 'type:workspace', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '**/*.js', '**/*.mjs', 'tools/boundaries/fixtures/**'] },
  tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints, banTransitiveDependencies: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/require-await': 'off',
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
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  prettier,
);
