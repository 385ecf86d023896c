// What somebody sees who has just cloned the project, before the first line of the server's log.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };

const workspace = readFileSync(fileURLToPath(new URL('../../pnpm-workspace.yaml', import.meta.url)), 'utf8');

it('warns of no package that needs a newer Node.js than the one that installs: it runs on the one installed', () => {
  expect(/^nodeVersion: (\S+)$/m.exec(workspace)?.[1]).toBe(rootPackage.devDependencies.node);
});

it('says what it does before it is silent', () => {
  expect(rootPackage.scripts.setup).toMatch(/^echo Installing dependencies\b/);
});
