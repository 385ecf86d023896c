// Which Chromium the browser tests run in, and how it must be started here.

import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

/** Debian's package and its command, the build without a user interface: twice as fast in these tests as the whole. */
export const HEADLESS_SHELL = 'chromium-headless-shell';
const WHOLE_BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A headless shell, of Playwright or of the system; `undefined` when there is none. */
export function findHeadlessShell(): string | undefined {
  // Playwright tells only where its whole browser is; its shell of the same revision stands beside that.
  const [, folder, revision] = /^(.*)chromium-(\d+)/.exec(chromium.executablePath()) ?? [];
  const [installed] = globSync(
    `${folder}chromium_headless_shell-${revision}/*/{headless_shell,chrome-headless-shell}{,.exe}`,
  );
  return installed ?? findCommand([HEADLESS_SHELL]);
}

/** A headless shell, else a whole browser; `undefined` when there is neither. */
export function findChromium(): string | undefined {
  const installed = chromium.executablePath();
  return findHeadlessShell() ?? (existsSync(installed) ? installed : findCommand(WHOLE_BROWSERS));
}

function findCommand(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
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
      // Without these it waits for Google's hosts, which a closed network never reaches.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
