// Takes the README's picture of the form: `npm run screenshot`.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';
import { chromiumLaunchOptions } from './support/chromium.ts';
import { field, openForm } from './support/form.ts';

const PICTURE = fileURLToPath(new URL('form.png', import.meta.url));

const dataDir = mkdtempSync(join(tmpdir(), 'tunnel-desk-screenshot-'));
const config = readConfig({ PORT: '0', LOG_LEVEL: 'silent', UPSTREAM: 'sandbox', DATA_DIR: dataDir });
if (!config.ok) throw new Error(config.problems.join('\n'));
const app = await buildApp(config.config);
const baseURL = await app.listen({ host: '127.0.0.1', port: 0 });
const browser = await chromium.launch(chromiumLaunchOptions());

const page = await browser.newPage({ baseURL, viewport: { width: 1280, height: 1120 } });
await openForm(page);
await field(page, 'Account').selectOption({ index: 1 });
await field(page, 'Name').fill('branch-amsterdam-1');
await field(page, 'Description').fill('Amsterdam office, first uplink');
await field(page, 'Cloudflare endpoint').fill('198.51.100.1');
await field(page, 'Customer endpoint').fill('192.88.99.10');
await field(page, 'Interface address').fill('10.0.0.0/24');
await field(page, 'IPv6 interface address').fill('2001:db8::2/127');
await page.getByText('Generate one here').click();
await field(page, 'IPv6 interface address').blur();
await page.screenshot({ path: PICTURE });

await browser.close();
await app.close();
rmSync(dataDir, { recursive: true });
console.log(`wrote ${PICTURE}`);
