import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksums, differences } from './checksums.ts';
import { notesOf, placeholderIn } from './notes.ts';

const files = { 'completer.zip': Buffer.from('completer'), 'dispatcher.zip': Buffer.from('dispatcher') };

test('the checksums are those that sha256sum finds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-release-'));
  Object.entries({ ...files, ...checksums(files) }).forEach(([name, content]) =>
    writeFileSync(join(folder, name), content),
  );
  const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(said).toBe('completer.zip: OK\ndispatcher.zip: OK\n');
});

test('the base64 ones are the same digests', () => {
  const { SHA256SUMS: hex, 'SHA256SUMS.base64': base64 } = checksums(files);
  const digests = (list: Uint8Array | undefined, encoding: 'hex' | 'base64') =>
    Buffer.from(list!)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => Buffer.from(line.split('  ')[0]!, encoding).toString('hex'));
  expect(digests(base64, 'base64')).toEqual(digests(hex, 'hex'));
});

test('two builds are compared in what both have', () => {
  expect(differences(files, { ...files, 'notifier-arm64.tar.gz': Buffer.from('x') })).toEqual([]);
  expect(differences(files, { ...files, 'completer.zip': Buffer.from('Completer') })).toEqual(['completer.zip']);
});

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-01\n### Added\n- One.\n\n## [1.1.0]\n- Old.\n';

test('the notes are the section of the version', () => {
  expect(notesOf(changelog, '1.2.0')).toBe('### Added\n- One.\n');
});

test.each(['1.3.0', '1.2', 'Unreleased'])('%s has nothing to say and is refused', (version) => {
  expect(() => notesOf(changelog, version)).toThrow(`CHANGELOG.md has nothing under "## [${version}]"`);
});

test('a release is not made while the address for reports of vulnerabilities is a placeholder', () => {
  expect(placeholderIn('to SECURITY_ADDRESS_PLACEHOLDER, please')).toBe('SECURITY_ADDRESS_PLACEHOLDER');
  expect(placeholderIn('to security@example.org, please')).toBeUndefined();
});
