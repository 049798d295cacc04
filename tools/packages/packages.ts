/** What outsiders install. Nothing else says which packages there are, or under which scope. */

/** The one place that names the scope: whoever owns another one changes it here. */
export const SCOPE = '@baton';

export interface PackageSpec {
  /** Without the scope. */
  readonly name: string;
  readonly description: string;
  /** The project whose version, license and README it has; a README of its own where `readme` names one. */
  readonly project: string;
  readonly readme: string;
  /** The files that are bundled, by the subpath that they are imported with. */
  readonly exports: Readonly<Record<string, string>>;
  /** Packages of others that it works with where they are installed, with the versions that will do. */
  readonly peers?: Readonly<Record<string, string>>;
  /** Subpaths that are imported for what they do. */
  readonly effects?: readonly string[];
  /** The command line: its program, and what it carries beside its code. */
  readonly program?: ProgramSpec;
}

export interface ProgramSpec {
  /** The command, and the file that starts it on any Node. */
  readonly bin: Readonly<Record<string, string>>;
  readonly main: string;
  /** Paths of the repository, which lie at the same places in the package. A path that ends with / is a folder. */
  readonly carries: readonly string[];
  /** Packages of others whose files it opens instead of importing them. */
  readonly opens: readonly string[];
}

/** Names that our own sources import the packages' contents by, and what outsiders import instead. */
export const PUBLIC_NAMES: Readonly<Record<string, string>> = {
  '@baton/token-lib/worker/direct': `${SCOPE}/worker/direct`,
  '@baton/token-lib/worker': `${SCOPE}/worker`,
};

export const PACKAGES: readonly PackageSpec[] = [
  {
    name: 'asl',
    description: 'Amazon States Language as a pure function: definition and events in, history and effects out.',
    project: 'libs/asl',
    readme: 'libs/asl/README.md',
    exports: { '.': 'libs/asl/src/index.ts' },
  },
  {
    name: 'worker',
    description: 'Three lines that make a function a worker of a Step Functions state that waits.',
    project: 'libs/token-lib',
    readme: 'libs/token-lib/src/worker/README.md',
    exports: {
      '.': 'libs/token-lib/src/worker/index.ts',
      './direct': 'libs/token-lib/src/worker/direct.ts',
    },
  },
  {
    name: 'testing',
    description: 'Runs workflows that wait in a test: in process, on a clock that the test moves, within milliseconds.',
    project: 'libs/testing',
    readme: 'libs/testing/README.md',
    exports: {
      '.': 'libs/testing/src/index.ts',
      './vitest': 'libs/testing/src/vitest.ts',
      './node-test': 'libs/testing/src/node-test.ts',
    },
    peers: { vitest: '>=5' },
    effects: ['./vitest'],
  },
  {
    name: 'baton',
    description: 'Runs, watches, lints and settles Step Functions workflows that wait, on your machine and on AWS.',
    project: 'apps/baton',
    readme: 'apps/baton/README.md',
    exports: {},
    program: {
      bin: { baton: 'bin/baton.js' },
      main: 'apps/baton/src/main.ts',
      carries: [
        'apps/baton/schemas/',
        'apps/baton/templates/',
        'apps/dispatcher/dist/',
        'apps/completer/dist/',
        'apps/console/dist/',
        'apps/ec2-agent-notifier/dist/',
        'apps/console/dist/',
        'terraform/modules/',
        'examples/',
        'docs/lint/',
      ],
      opens: ['@tree-sitter-grammars/tree-sitter-hcl'],
    },
  },
];
