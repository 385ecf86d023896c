// The JavaScript and CSS that a browser fetches for the first view of the list and of the form, as the server sends them.

import { get } from 'node:http';
import { type Browser, chromium, type Page } from '@playwright/test';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { startSandboxDesk } from './servers.ts';

const MAX_KILOBYTES = 200;
const LIST_PATH = `/accounts/${ACCOUNT_ID}/ipsec-tunnels`;
const VIEWS = [
  { name: 'list', path: LIST_PATH, usable: (page: Page) => page.getByRole('searchbox', { name: 'Search tunnels' }) },
  { name: 'form', path: `${LIST_PATH}/new`, usable: (page: Page) => page.getByLabel('Name', { exact: true }) },
] as const;

export const bytesMeasurement: Measurement = {
  name: 'bytes',
  method:
    'Page: body bytes of all JavaScript and CSS that Chromium has asked for once the list, of 20 tunnels, or the form can be ' +
    'used,\nwith Accept-Encoding: br and, as the reference, gzip. What it fetches later is not among them.',
  async run() {
    await using desk = await startSandboxDesk({
      CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office`,
      SANDBOX_TUNNELS: '20',
    });
    const browser = await chromium.launch(chromiumLaunchOptions());
    try {
      const rows: Row[] = [];
      for (const view of VIEWS) rows.push(...(await measure(browser, desk.origin, view)));
      return rows;
    } finally {
      await browser.close();
    }
  },
};

async function measure(browser: Browser, origin: string, view: (typeof VIEWS)[number]): Promise<Row[]> {
  const urls = await fetchedFor(browser, origin, view);
  const kilobytes = async (endings: readonly string[], encoding: 'br' | 'gzip') => {
    const counted = urls.filter((url) => endings.some((ending) => url.endsWith(ending)));
    const sizes = await Promise.all(counted.map((url) => bodyBytes(url, encoding)));
    return sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000;
  };
  const row = async (what: string, endings: readonly string[]): Promise<Row> => ({
    measurement: 'bytes',
    what: `${view.name}: ${what}, brotli`,
    unit: 'kB',
    figure: await kilobytes(endings, 'br'),
    reference: { what: 'gzip', figure: await kilobytes(endings, 'gzip') },
  });
  return [
    await row('JavaScript', ['.js']),
    await row('CSS', ['.css']),
    { ...(await row('both', ['.js', '.css'])), target: { kind: 'at most', figure: MAX_KILOBYTES } },
  ];
}

async function fetchedFor(
  browser: Browser,
  origin: string,
  { path, usable }: (typeof VIEWS)[number],
): Promise<readonly string[]> {
  await using context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const urls = new Set<string>();
  page.on('request', (request) => urls.add(request.url()));
  await page.goto(origin + path);
  await usable(page).waitFor();
  return [...urls];
}

/** How many bytes the body has on the wire: some files are too small to be compressed. */
function bodyBytes(url: string, encoding: 'br' | 'gzip'): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve(bytes));
      if (response.statusCode !== 200) reject(new Error(`${url}: status ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}
