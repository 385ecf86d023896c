// A file of 2,000 rows in Chromium: until they are parsed, validated beside 10,000 tunnels and shown, and for how long the
// page is busy at a stretch meanwhile.

import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from '@playwright/test';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { installImportClock } from './import-clock.ts';
import { importFile, issuesIn } from './import-file.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { startCloudflareDesk, startListUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ROWS = 2_000;
const ROUNDS = 5;
const SLOWDOWN = 4;
const VIEWPORT = { width: 1280, height: 900 };
const MAX_TIMES_PARSING = 8;
const MAX_BUSY_MS = 50;
const IMPORT_PATH = `/accounts/${ACCOUNT_ID}/ipsec-tunnels/import`;
/** The one that the page is built with. */
const PAPAPARSE = createRequire(new URL('../../web/package.json', import.meta.url)).resolve(
  'papaparse/papaparse.min.js',
);
const FILE = { name: 'sites.csv', mimeType: 'text/csv', buffer: Buffer.from(importFile(ROWS)) };
/** A row whose name one of the account's tunnels has. */
const FIRST_FILE = { ...FILE, buffer: Buffer.from(importFile(1).replace('site-0', 'branch-9999')) };
/** Once the tunnels are known, until what else the page asked for is too. */
const SETTLE_MS = 2_000;

export const importMeasurement: Measurement = {
  name: 'import',
  method:
    `Page: a CSV file of ${ROWS.toLocaleString('en')} rows, ${Math.round(FILE.buffer.length / 1000)} kB, in headless Chromium, beside the 10,000 tunnels of the account, which the page\n` +
    `has already. Shown: from choosing the file until its rows and all their issues are painted, median of ${ROUNDS}; the reference is\n` +
    `papaparse alone on the same file in a bare page. Busy: the longest the main thread of the page was not free meanwhile, on a\n` +
    `${SLOWDOWN} times slower processor, as seen by a message that is posted anew each time it arrives.`,
  async run() {
    await using upstream = await startListUpstream();
    await using desk = await startCloudflareDesk(upstream.origin);
    const browser = await chromium.launch(chromiumLaunchOptions());
    try {
      const take = {
        page: () => importInPage(browser, desk.origin, 1),
        bare: () => parseAlone(browser, 1),
        slowPage: () => importInPage(browser, desk.origin, SLOWDOWN),
        slowBare: () => parseAlone(browser, SLOWDOWN),
      };
      const samples = await interleave(['page', 'bare', 'slowPage', 'slowBare'] as const, ROUNDS, (name) =>
        take[name](),
      );
      const row = (
        what: string,
        [page, bare]: readonly ['page', 'bare'] | readonly ['slowPage', 'slowBare'],
        time: keyof Imported,
      ): Row => {
        const figureOf = (name: keyof typeof take) => median((samples.get(name) ?? []).map((sample) => sample[time]));
        const reference = { what: 'papaparse alone', figure: figureOf(bare) };
        return { measurement: 'import', what, unit: 'ms', figure: figureOf(page), reference };
      };
      return [
        {
          ...row('rows and their issues shown', ['page', 'bare'], 'shownMs'),
          target: { kind: 'at most times', timesReference: MAX_TIMES_PARSING },
        },
        {
          ...row(`longest busy at a stretch, ${SLOWDOWN}× slower CPU`, ['slowPage', 'slowBare'], 'busyMs'),
          target: { kind: 'at most', figure: MAX_BUSY_MS },
        },
      ];
    } finally {
      await browser.close();
    }
  },
};

/** In milliseconds. */
interface Imported {
  readonly shownMs: number;
  readonly busyMs: number;
}

async function importInPage(browser: Browser, origin: string, slowdown: number): Promise<Imported> {
  await using context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(installImportClock);
  await page.goto(origin + IMPORT_PATH);
  // So that the tunnels of the account are there, and what is loaded only once is no part of it.
  await page.setInputFiles('input[type="file"]', FIRST_FILE);
  await page.getByText('1 with issues').waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  return await timed(page, slowdown, `${(ROWS - issuesIn(ROWS)).toLocaleString('en')} ready`);
}

async function parseAlone(browser: Browser, slowdown: number): Promise<Imported> {
  await using context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(installImportClock);
  await page.goto('data:text/html,<!doctype html><input type="file"><p id="found"></p>');
  await page.addScriptTag({ path: PAPAPARSE });
  const words = 'parsed';
  await page.evaluate((text) => {
    document.querySelector('input')?.addEventListener('change', ({ target }) => {
      const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined;
      const found = document.querySelector('#found');
      const complete = () => {
        if (found !== null) found.textContent = text;
      };
      if (file !== undefined) window.Papa.parse(file, { complete });
    });
  }, words);
  return await timed(page, slowdown, words);
}

/** Chooses the file, and waits until the page has these words. */
async function timed(page: Page, slowdown: number, words: string): Promise<Imported> {
  const input = page.locator('input[type="file"]');
  await input.waitFor({ state: 'attached' });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.evaluate(([text, isSlow]) => window.watchImport(text, isSlow), [words, slowdown > 1] as const);
  await input.setInputFiles(FILE);
  return page.evaluate(() => window.watchedImport);
}
