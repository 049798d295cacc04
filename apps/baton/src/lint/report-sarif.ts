import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactLocation, Log, ReportingDescriptor, Result } from 'sarif';
import type { Finding, RuleText } from './rule.ts';
import type { LintResult } from './lint-text.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

export interface SarifPlaces {
  /** What the paths of findings are relative to. */
  readonly folder: string;
  /** The address of the folder with a page for each rule. */
  readonly pages: string;
}

/** Returns SARIF 2.1.0 as code scanning expects it: every rule with its help, relative paths, and a fingerprint that survives moved lines. */
export function reportSarif(
  { findings, problems }: Pick<LintResult, 'findings' | 'problems'>,
  rules: readonly RuleText[],
  { folder, pages }: SarifPlaces,
): Log {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'baton lint',
            semanticVersion: '0.1.0',
            rules: rules.map((rule) => describeRule(rule, pages)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(folder).href}/` } },
        // A file that could not be read may still have its findings.
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ message }) => ({ level: 'error', message: { text: message } })),
          },
        ],
        results: findings.map((finding) => result(finding, rules, folder)),
      },
    ],
  };
}

const describeRule = ({ id, severity, finds, why, mend }: RuleText, pages: string): ReportingDescriptor => ({
  id,
  helpUri: `${pages.replace(/\/$/, '')}/${id}.md`,
  shortDescription: { text: finds },
  fullDescription: { text: why },
  help: { text: `${why} ${mend}`, markdown: `${why}\n\n${mend}` },
  defaultConfiguration: { level: severity },
  properties: { tags: ['step-functions', 'callback'] },
});

function result(finding: Finding, rules: readonly RuleText[], folder: string): Result {
  const { rule, severity, file, machine, state, start, end, message, why, mend } = finding;
  const subject = state === undefined ? '' : `${state}: `;
  const logical = [machine, state].filter((name) => name !== undefined);
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: `${subject}${message}. ${why} ${mend}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(file, folder),
          region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
        },
        ...(logical.length > 0 ? { logicalLocations: [{ fullyQualifiedName: logical.join('/') }] } : {}),
      },
    ],
    partialFingerprints: { 'batonLint/v1': [file, machine, state, rule, message].join('|') },
  };
}

/** A file outside of the folder has no relative path. */
function artifact(file: string, folder: string): ArtifactLocation {
  if (isAbsolute(file) || file.startsWith('..')) return { uri: pathToFileURL(resolve(folder, file)).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}
