import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SmokeRun } from './smoke-run.ts';

/** What names an account, its things or its people, and what stands in its place. The order counts. */
const SCRUBBED: readonly (readonly [RegExp, string])[] = [
  [/[A-Za-z0-9+/=]{300,}/g, '[TaskToken]'],
  [/\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, '$1[Id]'],
  [/\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b/g, 'somebody@example.com'],
  [/https?:\/\/[^\s"\\]+/g, 'https://example.com/[Url]'],
  [/\b\d{12}\b/g, '111122223333'],
  [/\b(i|ami|subnet|vpc|sg|eni|vol)-[0-9a-f]{8,17}\b/g, '$1-0123456789abcdef0'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '192.0.2.1'],
  [/baton-smoke-[\w-]+/g, 'baton-smoke-[Name]'],
];

/** Returns the text without what names an account: numbers of accounts, instances and networks, keys, tokens, addresses, URLs. */
export const scrub = (text: string): string =>
  SCRUBBED.reduce((scrubbed, [pattern, place]) => scrubbed.replace(pattern, place), text);

/** Writes what a run has shown: results, the histories of its executions, denials, events. @returns the folder */
export function writeRecord(folder: string, { results, histories, events }: SmokeRun): string {
  mkdirSync(join(folder, 'histories'), { recursive: true });
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, `${name}.json`), `${scrub(JSON.stringify(content, undefined, 2))}\n`);
  write('results', results);
  write('events', events);
  write('denials', denialsIn([results, histories]));
  for (const [run, history] of Object.entries(histories)) write(`histories/${run}`, history);
  return folder;
}

/** Each sentence in which AWS denies something, once. */
function denialsIn(found: unknown): string[] {
  const sentences = JSON.stringify(found).matchAll(/[^"\\]*(?:AccessDenied|is not authorized to perform)[^"\\]*/g);
  return [...new Set([...sentences].map(([sentence]) => sentence.trim()))];
}
