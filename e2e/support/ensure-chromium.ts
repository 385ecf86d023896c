// Gets a headless Chromium for the browser tests where there is none: from Debian where this may install packages, else
// from Playwright. Debian comes first because its mirrors are reachable in closed networks too, and Playwright's hosts
// often are not. Where neither gives one, a whole browser that is there already is good enough.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium, findHeadlessShell, HEADLESS_SHELL } from './chromium.ts';

const PLAYWRIGHT = fileURLToPath(new URL('../node_modules/.bin/playwright', import.meta.url));
/** For what hangs, not for what is slow: both stop by themselves, within 15 s, where nobody responds. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const APT_OPTIONS = ['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::https::Timeout=15'];

function run(command: string, args: readonly string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
  });
  return status === 0;
}

function installFromDebian(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  const install = ['install', '-y', '-qq', '--no-install-recommends', HEADLESS_SHELL];
  return run('apt-get', [...APT_OPTIONS, '-qq', 'update']) && run('apt-get', [...APT_OPTIONS, ...install]);
}

if (findHeadlessShell() === undefined) {
  console.log('Looking for a headless Chromium for the browser tests');
  installFromDebian();
  if (findChromium() === undefined) run(PLAYWRIGHT, ['install', '--only-shell', 'chromium']);
  if (findChromium() === undefined) {
    console.error(
      'No Chromium: install chromium-headless-shell, chromium or google-chrome, or run "playwright install chromium", then try again.',
    );
    process.exitCode = 1;
  }
}
