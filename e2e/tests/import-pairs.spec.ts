// A spreadsheet of fifty branches becomes fifty pairs of tunnels in one sitting, by keyboard alone once the file is dropped.

import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { runClockFast } from '../support/fast-clock.ts';
import { excelCsv } from '../support/spreadsheets.ts';
import { browserStorage, tabTo } from '../support/tunnel-pages.ts';

/** At their own paces, the validation and the batch take more than a minute together. */
const TIMES_FASTER = 10;
const BRANCHES = 50;
const HEADERS = ['Name', 'Description', 'Customer endpoint', 'Interface address', 'Customer ASN', 'Extra prefixes'];

/** As somebody typed them, with what people get wrong. */
function branchRow(index: number): string[] {
  const number = index + 1;
  // A row was copied, and its name left as it was.
  const name = `zürich-${number === 3 ? 2 : number}`.replace('ü', 'ue');
  return [
    name,
    `Zürich – Straße ${number}; 1st floor`,
    `192.88.99.${number}`,
    // One has an address of its own, without its prefix length.
    number === 7 ? '10.20.0.14' : '',
    String(65_000 + number),
    number % 5 === 0 ? `10.60.${number}.1/24` : `10.60.${number}.0/24`,
  ];
}

const EXCEL_FILE = excelCsv([HEADERS, ...Array.from({ length: BRANCHES }, (_, index) => branchRow(index))]);

async function drop(page: Page, name: string, content: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], fileName, { type: 'text/csv' }));
      return transfer;
    },
    [name, content.toString('base64')] as const,
  );
  await page.getByRole('main').dispatchEvent('drop', { dataTransfer });
}

async function press(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

async function turnOn(page: Page, field: Locator): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('Space');
  await expect(field).toBeChecked();
}

/** What the button has the browser save. */
async function downloadBy(page: Page, button: Locator): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const downloading = page.waitForEvent('download');
  await press(page, button);
  const download: Download = await downloading;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const button = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true });

test.describe('fifty branches', () => {
  test.use({ environment: { RATE_LIMIT_PER_MINUTE: '0' } });

  test('a spreadsheet of them becomes fifty pairs in one sitting', async ({ page, desk }) => {
    await runClockFast(page, TIMES_FASTER);
    await desk.createElsewhere({ name: 'hub', cloudflare_endpoint: '198.51.100.1', interface_address: '10.20.0.2/31' });
    await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/import`);
    await expect(page.getByLabel(/choose one/)).toBeVisible();
    await drop(page, 'branches.csv', EXCEL_FILE);
    const counts = page.getByRole('navigation', { name: 'Rows shown' });
    await expect(counts).toContainText('50 rows·0 ready·50 with issues');

    await test.step('what is wrong is fixed', async () => {
      const kinds = page.getByRole('region', { name: 'Issues by kind' });
      const kind = (words: string) => kinds.getByRole('listitem').filter({ hasText: words });
      await press(page, button(kind('host bits'), 'Fix all 10'));
      await press(page, button(kind('prefix length'), 'Fix'));
      const grid = page.getByRole('grid', { name: 'Rows of the import' });
      await tabTo(page, grid);
      await page.keyboard.press('Control+Home');
      for (let row = 1; row < 3; row++) await page.keyboard.press('ArrowDown');
      await expect(grid).toHaveAttribute('aria-activedescendant', 'cell-3-name');
      await page.keyboard.type('zuerich-3');
      await page.keyboard.press('Enter');
      await expect(kinds).not.toContainText('host bits');
    });

    await test.step('what it leaves out is filled in, and each row becomes a pair', async () => {
      await press(page, button(page, 'Fill in…'));
      const dialog = page.getByRole('dialog');
      await type(page, dialog.getByLabel('Cloudflare endpoint', { exact: true }), '198.51.100.1');
      await turnOn(page, dialog.getByRole('switch', { name: 'Next free interface addresses' }));
      await type(page, dialog.getByLabel('From these prefixes'), '10.20.0.0/23');
      await turnOn(page, dialog.getByRole('switch', { name: 'Generate pre-shared keys' }));
      await turnOn(page, dialog.getByRole('switch', { name: 'Make each row a redundant pair' }));
      await type(page, dialog.getByLabel('Second Cloudflare endpoint'), '203.0.113.1');
      await press(page, button(dialog, 'Fill in and make pairs'));
      await expect(counts).toContainText('100 rows·100 ready·0 with issues');
    });

    await test.step('Cloudflare validates all of them, and they are created', async () => {
      await press(page, button(page, 'Validate all'));
      await expect(page.getByText('100 of 100 valid')).toBeVisible();
      expect(await desk.tunnels()).toHaveLength(1);
      await press(page, button(page, 'Create 100 tunnels'));
      await press(page, button(page.getByRole('dialog'), 'Create 100 tunnels'));
      await expect(page.getByRole('heading', { name: '100 of 100 tunnels created' })).toBeVisible();
    });

    const tunnels = (await desk.tunnels()).filter(({ name }) => name !== 'hub');
    const names = Array.from({ length: BRANCHES }, (_, index) => `zuerich-${index + 1}`);
    await test.step('they are the pairs that were meant', async () => {
      expect(tunnels.map(({ name }) => name).toSorted()).toEqual(
        names.flatMap((name) => [`${name}-1`, `${name}-2`]).toSorted(),
      );
      for (const [index, name] of names.entries()) {
        const [first, second] = ['-1', '-2'].map((suffix) => tunnels.find((tunnel) => tunnel.name === name + suffix));
        const same = {
          customer_endpoint: `192.88.99.${index + 1}`,
          description: `Zürich – Straße ${index + 1}; 1st floor`,
          bgp: { customer_asn: 65_001 + index, extra_prefixes: [`10.60.${index + 1}.0/24`] },
        };
        expect(first).toMatchObject({ ...same, cloudflare_endpoint: '198.51.100.1' });
        expect(second).toMatchObject({ ...same, cloudflare_endpoint: '203.0.113.1' });
      }
      const addresses = tunnels.map(({ interface_address }) => interface_address);
      expect(new Set(addresses).size).toBe(2 * BRANCHES);
      for (const address of addresses) expect(address).toMatch(/^10\.20\.[01]\.\d+\/31$/);
      expect(addresses).not.toContain('10.20.0.2/31');
      expect(tunnels.find(({ name }) => name === 'zuerich-7-1')?.interface_address).toBe('10.20.0.14/31');
    });

    await test.step('result, router configurations and keys are taken along', async () => {
      const dialog = page.getByRole('dialog');
      const result = await downloadBy(page, button(page, 'Download the result as CSV'));
      expect(result.name).toBe('branches-result.csv');
      for (const { id, name } of tunnels) expect(result.bytes.toString(), name).toContain(id);

      await press(page, button(page, 'Router configurations'));
      await type(page, dialog.getByLabel('Interface to the internet'), 'eth0');
      const archive = await downloadBy(page, button(dialog, `Download ${BRANCHES} configurations`));
      const files = Object.keys(unzipSync(new Uint8Array(archive.bytes)));
      // A router is called by that of its tunnels with the lower interface address.
      const folders = [...new Set(files.map((path) => path.split('/')[0]))];
      expect(folders.map((folder) => folder?.slice(0, -2)).toSorted(), 'one folder for each pair').toEqual(
        names.toSorted(),
      );

      await press(page, button(page, 'Keys of 100 tunnels'));
      const keyFile = await downloadBy(page, button(dialog, 'Download all as CSV'));
      const keys = tunnels.map(
        ({ name }) => new RegExp(`,${name},([A-Za-z0-9]{40})`).exec(keyFile.bytes.toString())?.[1],
      );
      expect(new Set(keys).size, 'each has a key of its own').toBe(2 * BRANCHES);
      const elsewhere = result.bytes.toString() + (await browserStorage(page));
      expect(keys.filter((key) => key !== undefined && elsewhere.includes(key))).toEqual([]);
    });
  });
});
