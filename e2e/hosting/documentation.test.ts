// The documentation as far as a machine can read it: links that work, commands that a shell takes as they are meant.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = globSync('**/*.md', {
  cwd: PROJECT,
  exclude: (path) => /(?:^|\/)(?:node_modules|test-results)$/.test(path),
});

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(PROJECT, page), 'utf8');

  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    for (const target of targets) expect(existsSync(join(PROJECT, dirname(page), target)), target).toBe(true);
  });

  it('has no URL with a question mark that a shell would expand', () => {
    for (const [, commands = ''] of text.matchAll(/```sh\n(.*?)```/gs)) {
      expect(commands.replaceAll(/'[^']*'/g, '')).not.toContain('?');
    }
  });
});

it('has a README that can be read in one go', () => {
  expect(readFileSync(join(PROJECT, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(200);
});
