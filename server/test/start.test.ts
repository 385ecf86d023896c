// start.js on a Node.js that is too old for the rest of the server.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };

const START = fileURLToPath(new URL('../start.js', import.meta.url));
const SYSTEM_NODE = '/usr/bin/node';

function start(node: string, ...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, [...options, START], { encoding: 'utf8', env: {} });
  return { status, output: stdout + stderr };
}

const preload = (version: string) =>
  `data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     Object.defineProperty(process, 'version', { value: 'v${version}' });`,
  )}`;

it.each(['18.20.4', '20.20.2', '22.18.0'])(
  'says which Node.js it needs instead of failing on version %s',
  (version) => {
    expect(start(process.execPath, '--import', preload(version))).toEqual({
      status: 1,
      output: `Tunnel Desk needs Node.js 22.19 or newer, and this is v${version}. "npm start" brings its own.\n`,
    });
  },
);

const isOld =
  existsSync(SYSTEM_NODE) && /^v(?:18|20)\./.test(execFileSync(SYSTEM_NODE, ['--version'], { encoding: 'utf8' }));

it.runIf(isOld)('can be read by the old Node.js of this machine', () => {
  expect(start(SYSTEM_NODE).output).toMatch(/^Tunnel Desk needs Node\.js 22\.19 or newer/);
});

it('needs what package.json says', () => {
  expect(rootPackage.engines.node).toBe('>=22.19');
});
