import { productFolder } from '@baton/local-platform';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { userFolder } from '../example-folders.ts';
import { scope } from '../package-scope.ts';
import { CliError, type Terminal } from '../terminal.ts';

export const PROJECT_KINDS = ['queue', 'host', 'approval', 'lambda', 'webhook'] as const;

export interface InitOptions {
  readonly kind: (typeof PROJECT_KINDS)[number];
}

const templates = join(productFolder, 'apps/baton/templates');

/**
 * Writes a small project with a workflow, its worker, its test and its deployment: it runs and passes as it is.
 * @throws {CliError} where a file of it is there already: nothing is written then
 */
export function runInit(named: string, { kind }: InitOptions, { line, colors }: Terminal): void {
  const folder = resolve(userFolder, named);
  const template = join(templates, kind);
  const sources = globSync('**/*', { cwd: template }).filter((file) => statSync(join(template, file)).isFile());
  const files = sources.map(writtenAs).toSorted();
  const standing = files.filter((file) => existsSync(join(folder, file)));
  if (standing.length > 0) {
    throw new CliError(
      `nothing is written, for nothing is overwritten: ${standing.join(', ')} ${standing.length === 1 ? 'is' : 'are'} in ${folder} already`,
      66,
    );
  }
  for (const source of sources) {
    const target = join(folder, writtenAs(source));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(template, source), target); // With its mode: a job has to be executable.
    writeFileSync(target, filled(readFileSync(target, 'utf8'), folder));
  }
  const changed = completeManifest(folder);
  for (const file of files) line(`${colors.green('written')}  ${join(named, file)}`);
  line(`${colors.green(changed)}  ${join(named, 'package.json')}`);
  line('');
  for (const step of nextSteps(named)) line(step);
}

/** The test of a template is none of this package. */
const writtenAs = (source: string): string => source.replace('workflow-test.ts', 'workflow.test.ts');

/** What differs between projects: their name, where the modules and schemas are, and whose packages they import. */
const filled = (text: string, folder: string): string =>
  text
    .replaceAll('__NAME__', projectName(folder))
    .replaceAll('__MODULES__', pathFrom(folder, join(productFolder, 'terraform/modules')))
    .replaceAll('node_modules/@baton/baton/schemas', pathFrom(folder, join(productFolder, 'apps/baton/schemas')))
    .replaceAll("'@baton/", `'${scope}/`);

const projectName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '') || 'workflow';

function pathFrom(folder: string, target: string): string {
  const path = relative(folder, target);
  return path.startsWith('.') ? path : `./${path}`;
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Adds what is missing to a package.json, for `npm install` of the packages makes one. */
function completeManifest(folder: string): 'written' | 'completed' {
  const file = join(folder, 'package.json');
  const standing = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
  // npm init writes a test that fails.
  const { test, ...scripts } = standing?.scripts ?? {};
  const kept = test === undefined || test.includes('no test specified') ? 'node --test' : test;
  const given = standing ?? { name: projectName(folder), private: true };
  const manifest = { ...given, type: 'module', scripts: { ...scripts, test: kept } };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return standing === undefined ? 'written' : 'completed';
}

function nextSteps(named: string): string[] {
  const into = named === '.' ? [] : [`  cd ${named}`];
  return ['Next:', ...into, '  npm test', '  npx baton run .', '  npx baton lint .', '', 'README.md says the rest.'];
}
