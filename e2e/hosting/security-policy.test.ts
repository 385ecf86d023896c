// SECURITY.md names the tests that show what it says: a name that leads nowhere would be an empty promise.

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const policy = readFileSync(`${PROJECT}/SECURITY.md`, 'utf8');
const tests = [
  ...new Set(
    [...policy.matchAll(/`((?:shared|server|web|e2e)\/[\w./*-]+\.(?:test|spec)\.ts)`/g)].map(([, path = '']) => path),
  ),
];

it('has a word on every chapter of the standard', () => {
  for (let chapter = 1; chapter <= 17; chapter++) expect(policy).toMatch(new RegExp(`\\bV${chapter}\\b`));
});

it.each(tests)('names tests that exist: %s', (path) => {
  expect(globSync(path, { cwd: PROJECT })).not.toEqual([]);
});
