// Which Chromium the browser tests drive, and how it must be started here.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

const SYSTEM_NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** The browser Playwright installed, else a system one; `undefined` when there is neither. */
export function findChromium(): string | undefined {
  const installed = chromium.executablePath();
  if (existsSync(installed)) return installed;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** How to launch it. Throws when there is no Chromium: `ensure-chromium.ts` gets one. */
export function chromiumLaunchOptions(): LaunchOptions {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium found: run node e2e/support/ensure-chromium.ts');
  return {
    executablePath,
    args: [
      // Chromium refuses to run as root with its own sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // Without these it waits for Google's hosts, which a closed network never answers.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
