// Takes the README's pictures: `npm run screenshot`.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';
import { chromiumLaunchOptions } from './support/chromium.ts';
import { field, openForm } from './support/form.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tunnel-desk-screenshot-'));
const config = readConfig({
  PORT: '0',
  LOG_LEVEL: 'silent',
  UPSTREAM: 'sandbox',
  SANDBOX_TUNNELS: '240',
  DATA_DIR: dataDir,
});
if (!config.ok) throw new Error(config.problems.join('\n'));
const list = `/accounts/${config.config.accounts[0]?.id}/ipsec-tunnels`;
const app = await buildApp(config.config);
const baseURL = await app.listen({ host: '127.0.0.1', port: 0 });
const browser = await chromium.launch(chromiumLaunchOptions());

await take('list', 820, async (page) => {
  await page.goto(list);
  // The states come after the rows.
  await page
    .getByRole('cell', { name: /^Healthy/ })
    .first()
    .waitFor();
});
await take('edit', 1000, async (page) => {
  await page.goto(list);
  await page.getByRole('row').nth(3).getByRole('link').first().click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await field(page, 'Description').fill('Moved to the new uplink');
  await field(page, 'Customer endpoint').fill('192.88.99.10');
  await field(page, 'Customer endpoint').blur();
});
await take('form', 1120, async (page) => {
  await openForm(page);
  await field(page, 'Account').selectOption({ index: 2 });
  await field(page, 'Name').fill('branch-amsterdam-1');
  await field(page, 'Description').fill('Amsterdam office, first uplink');
  await field(page, 'Cloudflare endpoint').fill('198.51.100.1');
  await field(page, 'Customer endpoint').fill('192.88.99.10');
  await field(page, 'Interface address').fill('10.0.0.0/24');
  await field(page, 'IPv6 interface address').fill('2001:db8::2/127');
  await page.getByText('Generate one here').click();
  await field(page, 'IPv6 interface address').blur();
});

await browser.close();
await app.close();
rmSync(dataDir, { recursive: true });

async function take(name: string, height: number, show: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ baseURL, viewport: { width: 1280, height } });
  await show(page);
  await page.evaluate(() => window.scrollTo(0, 0));
  const path = fileURLToPath(new URL(`pictures/${name}.png`, import.meta.url));
  await page.screenshot({ path });
  await page.close();
  console.log(`wrote ${path}`);
}
