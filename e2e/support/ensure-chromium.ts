// Gets a Chromium for the browser tests where there is none: from Playwright, else from Debian.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.ts';

const PLAYWRIGHT = fileURLToPath(new URL('../node_modules/.bin/playwright', import.meta.url));
const INSTALL_TIMEOUT_MS = 5 * 60_000;

function run(command: string, args: string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
  });
  return status === 0;
}

function installFromDebian(): boolean {
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  return isRootOnDebian && run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium']);
}

const isThere =
  findChromium() !== undefined ||
  (run(PLAYWRIGHT, ['install', '--with-deps', 'chromium']) && findChromium() !== undefined) ||
  (installFromDebian() && findChromium() !== undefined);

if (!isThere) {
  console.error(
    'No Chromium: install chromium or google-chrome, or run "playwright install chromium", then try again.',
  );
  process.exitCode = 1;
}
