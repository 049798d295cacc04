/** One range of the AWS provider for modules, environments and examples, and nothing in them that its newer half deprecates. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['terraform/modules', 'terraform/environments', 'examples'];
const sources = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => /\.(tf|asl\.json)$/.test(file) && !/node_modules|\.terraform|\/original\/|\/tests\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('estates on provider 5.100 and on 6 can use them', () => {
  const ranges = sources.flatMap(({ text }) =>
    [...text.matchAll(/source += "hashicorp\/aws"\s+version = "([^"]+)"/g)].map(([, range]) => range),
  );
  expect(ranges.length).toBeGreaterThan(10);
  expect(new Set(ranges)).toEqual(new Set(['>= 5.100, < 7']));
});

test('the name of a region is not read from where provider 6 deprecates it', () => {
  expect(filesWith(/data\.aws_region\.\w+\.name\b/)).toEqual([]);
});

test('no partition is written down in what is deployed', () => {
  expect(filesWith(/"arn:aws:(states|lambda|iam|sqs|sns|s3|kms)\b/)).toEqual([]);
});
