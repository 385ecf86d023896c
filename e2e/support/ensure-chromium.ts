// Gets a headless Chromium for the browser tests where there is none: from Debian where this may install packages, else
// from Playwright. Debian comes first because its mirrors are reachable in closed networks too, and Playwright's hosts
// often are not. Where neither gives one, a whole browser that is there already is good enough.

import { fileURLToPath } from 'node:url';
import { findChromium, findHeadlessShell, HEADLESS_SHELL } from './chromium.ts';
import { installFromDebian, runVisibly } from './debian.ts';

const PLAYWRIGHT = fileURLToPath(new URL('../node_modules/.bin/playwright', import.meta.url));
/** After this long Playwright gives up on a host that does not respond. */
const CONNECTION_TIMEOUT = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' };

if (findHeadlessShell() === undefined) {
  console.log('Looking for a headless Chromium for the browser tests');
  installFromDebian([HEADLESS_SHELL]);
  if (findChromium() === undefined) runVisibly(PLAYWRIGHT, ['install', '--only-shell', 'chromium'], CONNECTION_TIMEOUT);
  if (findChromium() === undefined) {
    console.error(
      'No Chromium: install chromium-headless-shell, chromium or google-chrome, or run "playwright install chromium", then try again.',
    );
    process.exitCode = 1;
  }
}
