import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { allowClipboard } from '../support/clipboard.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { browserStorage, tabTo } from '../support/tunnel-pages.ts';

const HEADERS = ['name', 'cloudflare_endpoint', 'interface_address', 'psk'];
const KEY = 'correct horse battery staple';
const ROWS = [
  ['branch-1', '198.51.100.1', '10.0.0.0/31', KEY],
  ['branch-2', '198.51.100.1', '10.0.0.2/31', ''],
];
const table = (rows: readonly (readonly string[])[], delimiter: string) =>
  rows.map((cells) => `${cells.join(delimiter)}\r\n`).join('');
const CSV = table([HEADERS, ...ROWS], ',');

const fileInput = (page: Page) => page.getByLabel(/choose one/);
const isRead = (page: Page, summary: string) => expect(page.getByText(summary)).toBeVisible();

function csvFile(content: string, name = 'branches.csv') {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(content, 'latin1') };
}

test.beforeEach(async ({ page }) => {
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/import`);
  await page.getByText('Drop a file here').waitFor();
});

test('a file is chosen with the keyboard, and how it was read is said', async ({ page }) => {
  // Before all else: the browser must know that somebody waits for it when the key is pressed.
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, fileInput(page));
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(csvFile(CSV.replaceAll(',', ';')));
  await isRead(page, '2 rows, semicolons, UTF-8');
});

test('a file is dropped anywhere on the page, which says that it can be', async ({ page }) => {
  const transfer = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'branches.csv'));
    return transfer;
  }, CSV);
  await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop it here')).toBeVisible();
  await page.dispatchEvent('h1', 'dragleave', { dataTransfer: transfer });
  await expect(page.getByText('Drop a file here')).toBeVisible();
  await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
  await isRead(page, '2 rows, commas, UTF-8');
});

test.describe('cells', () => {
  test.beforeEach(({ page }) => allowClipboard(page));

  async function paste(page: Page, text: string): Promise<void> {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await page.keyboard.press('ControlOrMeta+v');
  }

  test('are pasted anywhere on the page', async ({ page }) => {
    await paste(page, table([HEADERS, ...ROWS], '\t'));
    await isRead(page, '2 rows, tabs');
  });

  test('are pasted into their box, and a key among them is shown and kept nowhere when they cannot be read', async ({
    page,
  }) => {
    await page.getByLabel('Or paste cells').focus();
    await paste(page, table(ROWS, '\t'));
    await expect(page.getByRole('alert')).toContainText('There is no row of headers');
    await expect(page.getByRole('alert')).toBeFocused();
    await expect(page.getByLabel('Or paste cells')).toHaveValue('');
    expect(await page.content()).not.toContain(KEY);
    expect(await browserStorage(page)).not.toContain(KEY);
  });

  test('without headers are read in the order of the template where it has as many', async ({ page }) => {
    await paste(page, table([['branch-1', ...Array.from({ length: 19 }, () => 'x')]], '\t'));
    await page.getByRole('button', { name: 'Read them in that order' }).click();
    await isRead(page, '1 row, tabs');
  });

  test('can be typed as well', async ({ page }) => {
    await page.getByLabel('Or paste cells').fill(CSV);
    await page.getByRole('button', { name: 'Read this' }).click();
    await isRead(page, '2 rows, commas');
  });
});

test('a workbook is refused in words, and the same file can be chosen again once it is right', async ({ page }) => {
  await fileInput(page).setInputFiles(csvFile('PK\u0003\u0004…xl/workbook.xml', 'branches.csv'));
  await expect(page.getByRole('alert')).toContainText(
    'This is an Excel workbook. Save it as CSV UTF-8 and choose that.',
  );
  await expect(page.getByRole('alert')).toBeFocused();
  await fileInput(page).setInputFiles(csvFile(CSV, 'branches.csv'));
  await isRead(page, '2 rows, commas, UTF-8');
});

test('several files at once are refused, and none of them is read', async ({ page }) => {
  const transfer = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    for (const name of ['a.csv', 'b.csv']) transfer.items.add(new File([content], name));
    return transfer;
  }, CSV);
  await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('alert')).toContainText('Those are several files.');
});

test('the template that is downloaded reads back in', async ({ page }) => {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download a template' }).click();
  await fileInput(page).setInputFiles(await (await download).path());
  await isRead(page, '3 rows, commas, UTF-8');
});

test('axe finds nothing, and at 360 px nothing is wider than the window', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByText('Which columns there are').click();
  await fileInput(page).setInputFiles(csvFile(table(ROWS, ',')));
  await page.getByRole('alert').waitFor();
  await expectNoViolations(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
