// Many tunnels from a spreadsheet: what a person does with the rows before any tunnel is made.

import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { test as signedInTest } from '../support/signed-in-desk.ts';
import { browserStorage, tabTo } from '../support/tunnel-pages.ts';

const IMPORT = `/accounts/${ACCOUNT.id}/ipsec-tunnels/import`;
const HEADERS = ['name', 'cloudflare_endpoint', 'customer_endpoint', 'interface_address', 'psk'];
const KEY = 'the-key-of-this-branch';

/** Rows that are right, one for each number. */
function branches(count: number): string[][] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const [third, fourth] = [Math.floor(index / 100), 2 * (index % 100)];
    return [
      `branch-${number}`,
      '198.51.100.1',
      `192.88.${98 + third}.${1 + (index % 100)}`,
      `10.9.${third}.${fourth}/31`,
      KEY,
    ];
  });
}

const csv = (rows: readonly (readonly string[])[], headers = HEADERS) =>
  [headers, ...rows].map((cells) => cells.join(',')).join('\n');

async function chooseFile(page: Page, text: string): Promise<void> {
  await page.goto(IMPORT);
  await page
    .getByLabel(/choose one/)
    .setInputFiles({ name: 'branches.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await expect(rowCounts(page)).toBeVisible();
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Rows of the import' });
const rowCounts = (page: Page) => page.getByRole('navigation', { name: 'Rows shown' });
const panel = (page: Page) => page.getByRole('region', { name: 'The cell' });
const kinds = (page: Page) => page.getByRole('region', { name: 'Issues by kind' });
const create = (page: Page) => page.getByRole('button', { name: /^Create (the )?\d/ });

/** The cell of a row, by the row's number and the header of its column. */
function cellOf(page: Page, row: number, column: string): Locator {
  const fields: Readonly<Record<string, string>> = {
    Name: 'name',
    'Cloudflare endpoint': 'cloudflare_endpoint',
    'Interface address': 'interface_address',
    'Pre-shared key': 'psk',
    'Customer ASN': 'bgp.customer_asn',
  };
  return page.locator(`[data-row="${row}"] [data-field="${fields[column]}"]`);
}

test('a file is dropped, and each kind of issue is fixed for all of its rows', async ({ page, desk }) => {
  const rows = branches(12).map((cells, index) => (index % 3 === 0 ? cells.with(3, `10.8.${index}.0/24`) : cells));
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await page.getByRole('link', { name: 'Import' }).first().click();
  await expect(page).toHaveURL(IMPORT);
  await expect(page.getByLabel(/choose one/)).toBeVisible();
  const file = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'branches.csv', { type: 'text/csv' }));
    return transfer;
  }, csv(rows));
  await page.getByRole('main').dispatchEvent('drop', { dataTransfer: file });
  await expect(rowCounts(page)).toHaveText('12 rows·8 ready·4 with issues·0 with advice');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(kinds(page)).toContainText('4 rows: Interface address: … is a /24; a tunnel interface must be /31');

  await cellOf(page, 1, 'Name').click();
  await expect(panel(page)).toContainText('Issues in this row:Interface address');
  await kinds(page).getByRole('button', { name: 'Fix all 4' }).click();
  await expect(rowCounts(page)).toContainText('12 ready');
  await expect(kinds(page)).toHaveCount(0);
  await expect(grid(page)).toBeFocused();
  await expect(cellOf(page, 4, 'Interface address')).toHaveText('10.8.3.0/31');
  await page.getByRole('link', { name: '0 with issues' }).click();
  await expect(page.getByText('No rows match this filter.')).toBeVisible();
  await page.getByRole('link', { name: '12 rows' }).click();
  await panel(page).getByRole('button', { name: 'Undo the 4 fixes' }).click();
  await expect(rowCounts(page)).toContainText('4 with issues');
  await expect(cellOf(page, 4, 'Interface address')).toContainText('10.8.3.0/24');
  // Nothing was asked of Cloudflare but what it has.
  expect(desk.upstreamRequests.filter((request) => !request.startsWith('GET'))).toEqual([]);
});

test.describe('at 1280×900', () => {
  test.use({ viewport: { width: 1280, height: 900 } });

  test('the first kinds of issues leave the table and what is done with all rows in view', async ({ page }) => {
    const headers = [
      'replay_protection',
      'bgp.customer_asn',
      'health_check.rate',
      'health_check.type',
      'bgp.extra_prefixes',
    ];
    const wrong = ['perhaps', 'none', 'quick', 'echo', '10.0.0.1/8'];
    await chooseFile(
      page,
      csv(
        branches(9).map((cells) => [...cells, ...wrong]),
        [...HEADERS, ...headers],
      ),
    );
    await expect(rowCounts(page)).toContainText('9 with issues');
    await expect(kinds(page).getByRole('listitem')).toHaveCount(4);
    await expect(create(page)).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('button', { name: 'Validate all' })).toBeInViewport({ ratio: 1 });
    await kinds(page).getByRole('button', { name: 'Show all 5 kinds' }).click();
    await expect(kinds(page).getByRole('listitem')).toHaveCount(5);
    await expect(create(page)).toBeInViewport({ ratio: 1 });
    await kinds(page).getByRole('button', { name: 'Show fewer' }).click();
    await expect(kinds(page).getByRole('listitem')).toHaveCount(4);
    await cellOf(page, 1, 'Customer ASN').click();
    await expect(cellOf(page, 1, 'Customer ASN')).toBeInViewport({ ratio: 1 });
  });
});

test('the page that quick actions lead to has the focus, and its table’s keys are listed while it is there', async ({
  page,
}) => {
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('import');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(IMPORT);
  await expect(page.getByRole('heading', { level: 1, name: 'Import IPsec tunnels' })).toBeFocused();
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await expect(dialog).toBeVisible();
  await expect(dialog).not.toContainText('In the table');
  await page.keyboard.press('Escape');
  await chooseFile(page, csv(branches(2)));
  await page.keyboard.press('?');
  for (const keys of ['Arrow keys', 'F2 or Enter', 'Delete', 'Ctrl+Z']) await expect(dialog).toContainText(keys);
  await expectNoViolations(page);
});

test('columns that are not known, and rows of one name, are issues', async ({ page }) => {
  const rows = branches(3).map((cells) => [...cells, 'red']);
  await chooseFile(
    page,
    csv([...rows, ['branch-1', ...(branches(9)[8] ?? []).slice(1), 'red']], [...HEADERS, 'colour']),
  );
  await expect(page.getByText('"colour"')).toBeVisible();
  await expect(kinds(page)).toContainText('Name');
  await expect(rowCounts(page)).toContainText('2 with issues');
});

test('a row that was read with a doubt can be kept as is, and so can all of them', async ({ page }) => {
  await chooseFile(page, csv(branches(3).map((cells, index) => (index < 2 ? [...cells, 'too many'] : cells))));
  await expect(rowCounts(page)).toContainText('2 with issues');
  await kinds(page).getByRole('button', { name: 'Keep all 2 as is' }).click();
  await expect(rowCounts(page)).toContainText('3 ready');
  await panel(page).getByRole('button', { name: 'Undo keeping as is' }).click();
  await panel(page).getByRole('button', { name: 'Keep as is' }).click();
  await expect(rowCounts(page)).toContainText('1 with issues');
});

test('names and addresses that the account has already are issues', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'branch-2',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.9.0.4/31',
  });
  await chooseFile(page, csv(branches(4)));
  await expect(rowCounts(page)).toContainText('1 with issues·1 with advice');
  await cellOf(page, 2, 'Name').click();
  await expect(panel(page)).toContainText('This account already has a tunnel named branch-2');
  await cellOf(page, 3, 'Interface address').click();
  await expect(panel(page)).toContainText('overlaps');
});

test('nothing can be created before every row is checked, also against the account', async ({ page, desk }) => {
  const elsewhere = { cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };
  await desk.createElsewhere({ name: 'branch-2', ...elsewhere });
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/magic/ipsec_tunnels', async (route) => {
    await promise;
    await route.continue();
  });
  await chooseFile(page, csv(branches(4)));
  await expect(rowCounts(page)).toContainText('4 ready');
  await expect(create(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(create(page)).toHaveAccessibleDescription(/have yet to be checked against the account's tunnels/);
  resolve();
  await expect(rowCounts(page)).toContainText('3 ready');
  await expect(create(page)).toBeEnabled();

  // A row is compared with the others only a moment after it is edited.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await cellOf(page, 3, 'Name').click();
  await page.keyboard.type('branch-1');
  await page.keyboard.press('Enter');
  await expect(create(page)).toHaveAccessibleDescription('The rows are still being checked.');
  await page.clock.resume();
  await expect(rowCounts(page)).toContainText('1 ready');
  await expect(create(page)).toBeEnabled();
});

test('cells are pasted, and the table is worked by the keyboard alone', async ({ page }) => {
  await page.goto(IMPORT);
  const rows = branches(3).with(1, ['branch-2', '198.51.100.1', '192.88.99.2', '10.0.0.0/24', KEY]);
  const text = [HEADERS, ...rows].map((cells) => cells.join('\t')).join('\r\n');
  await page.getByLabel('Or paste cells from a spreadsheet').evaluate((area, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await expect(rowCounts(page)).toContainText('1 with issues');

  await tabTo(page, grid(page));
  await page.keyboard.press('ArrowDown');
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-2-interface_address');
  await expect(cellOf(page, 2, 'Interface address')).toHaveAttribute('aria-invalid', 'true');
  // The fix is the next stop but those of the panel's own buttons.
  await tabTo(page, panel(page).getByRole('button', { name: 'Use 10.0.0.0/31' }));
  await page.keyboard.press('Enter');
  await expect(grid(page)).toBeFocused();
  await expect(cellOf(page, 2, 'Interface address')).toHaveText('10.0.0.0/31');
  await expect(rowCounts(page)).toContainText('3 ready');

  // Typing replaces, Escape restores.
  await page.keyboard.type('nonsense');
  await page.keyboard.press('Escape');
  await expect(cellOf(page, 2, 'Interface address')).toHaveText('10.0.0.0/31');
  await expect(grid(page)).toBeFocused();
  await page.keyboard.type('nonsense');
  await page.keyboard.press('Enter');
  await expect(cellOf(page, 2, 'Interface address')).toContainText('nonsense');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-3-interface_address');
  await expect(rowCounts(page)).toContainText('1 with issues');
  await page.keyboard.press('Control+z');
  await expect(cellOf(page, 2, 'Interface address')).toHaveText('10.0.0.0/31');

  // Enter edits what is there, Tab goes on to the right.
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Enter');
  await page.keyboard.type('-a');
  await page.keyboard.press('Tab');
  await expect(cellOf(page, 1, 'Name')).toHaveText('branch-1-a');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-1-cloudflare_endpoint');
  await page.keyboard.press('F2');
  await page.keyboard.press('Shift+Tab');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-1-name');
  // Delete empties a cell.
  await page.keyboard.press('Delete');
  await expect(cellOf(page, 1, 'Name')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Control+z');

  await tabTo(page, panel(page).getByRole('button', { name: 'Delete row' }));
  await page.keyboard.press('Enter');
  await expect(rowCounts(page)).toContainText('2 rows');
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(rowCounts(page)).toContainText('3 rows');
});

test('a click selects a cell however often, typing replaces what is in it, and a double click edits it', async ({
  page,
}) => {
  await chooseFile(page, csv(branches(2)));
  const address = cellOf(page, 2, 'Interface address');
  await address.click();
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-2-interface_address');
  // A press of its own, not the second of a double click.
  await address.click({ clickCount: 1 });
  await expect(address.getByRole('textbox')).toHaveCount(0);
  await page.keyboard.type('10.77.1.32/31');
  await page.keyboard.press('Enter');
  await expect(address).toHaveText('10.77.1.32/31');
  await cellOf(page, 1, 'Name').dblclick();
  await page.keyboard.type('-a');
  await page.keyboard.press('Enter');
  await expect(cellOf(page, 1, 'Name')).toHaveText('branch-1-a');
});

test('the rows with issues are shown alone, also after a reload, and one that is put right stays until one goes on', async ({
  page,
}) => {
  const rows = branches(6).map((cells, index) => (index % 2 === 0 ? cells.with(3, '') : cells));
  await chooseFile(page, csv(rows));
  await page.getByRole('link', { name: '3 with issues' }).click();
  await expect(page).toHaveURL(`${IMPORT}?show=issues`);
  await expect(grid(page).getByRole('rowheader')).toHaveText(['1', '3', '5']);
  await cellOf(page, 1, 'Interface address').click();
  await page.keyboard.type('10.0.0.0/31');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '2 with issues' })).toBeVisible();
  await expect(grid(page).getByRole('rowheader')).toHaveText(['1', '3', '5']);
  await page.keyboard.press('ArrowDown');
  await expect(grid(page).getByRole('rowheader')).toHaveText(['3', '5']);
  await page.reload();
  await expect(grid(page).getByRole('rowheader').first()).toBeVisible();
  await expect(page).toHaveURL(`${IMPORT}?show=issues`);
  await page.getByRole('link', { name: '6 rows' }).click();
  await expect(grid(page).getByRole('rowheader')).toHaveCount(6);
  await kinds(page)
    .getByRole('button', { name: /Show the rows: Interface address/ })
    .click();
  await expect(grid(page).getByRole('rowheader')).toHaveText(['3', '5']);
  await expect(page.getByRole('link', { name: '6 rows' })).not.toHaveAttribute('aria-current');
});

test('a key is never shown or stored, and after a reload it is asked for again', async ({ page }) => {
  await chooseFile(page, csv(branches(3)));
  await expect(cellOf(page, 1, 'Pre-shared key')).toHaveText('••••••••');
  await expect(page.locator('body')).not.toContainText(KEY);
  await cellOf(page, 3, 'Interface address').click();
  await page.keyboard.type('10.30.0.0/31');
  await page.keyboard.press('Enter');
  page.once('dialog', (dialog) => dialog.accept());
  await page.reload();
  await expect(rowCounts(page)).toContainText('3 with issues');
  await expect(cellOf(page, 3, 'Interface address')).toHaveText('10.30.0.0/31');
  expect(await browserStorage(page)).not.toContain(KEY);
  await expect(kinds(page)).toContainText('not kept across a reload');
  await cellOf(page, 1, 'Pre-shared key').click();
  await panel(page).getByRole('button', { name: 'Generate a key' }).click();
  await expect(cellOf(page, 1, 'Pre-shared key')).toHaveText('Generated');
  await kinds(page).getByRole('button', { name: 'Generate 2 keys' }).click();
  await expect(rowCounts(page)).toContainText('3 ready');
});

test('a key is kept where its cell is opened and left, and goes where it is deleted', async ({ page }) => {
  await chooseFile(page, csv(branches(2)));
  await cellOf(page, 1, 'Pre-shared key').click();
  for (const key of ['Enter', 'Tab']) await page.keyboard.press(key);
  await expect(cellOf(page, 1, 'Pre-shared key')).toHaveText('••••••••');
  await cellOf(page, 2, 'Pre-shared key').click();
  await page.keyboard.press('Delete');
  await expect(cellOf(page, 2, 'Pre-shared key')).toHaveText('');
});

test('a pair that shares no key is not said to have one', async ({ page }) => {
  await chooseFile(page, csv([['ams', '198.51.100.1', '192.88.99.1', '10.9.0.0/31', '']]));
  await page.getByRole('button', { name: 'Fill in…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('switch', { name: 'Make each row a redundant pair' })).toBeEnabled();
  await dialog.getByRole('switch', { name: 'Make each row a redundant pair' }).click();
  await dialog.getByRole('switch', { name: 'One pre-shared key for both' }).click();
  await dialog.getByRole('button', { name: 'Fill in and make pairs' }).click();
  await create(page).click();
  await expect(page.getByRole('dialog')).toContainText('None of them has a pre-shared key');
});

test('what the file leaves out is filled in, and every row becomes a pair', async ({ page, desk }) => {
  await desk.createElsewhere({ name: 'there', cloudflare_endpoint: '203.0.113.1', interface_address: '10.7.0.2/31' });
  await chooseFile(page, csv([['ams'], ['ber'], ['cdg']], ['name']));
  await expect(rowCounts(page)).toContainText('3 with issues');
  await page.getByRole('button', { name: 'Fill in…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Fill in what the rows leave out' });
  await expect(dialog).toContainText('All 3 rows leave it out.');
  await dialog.getByLabel('Cloudflare endpoint', { exact: true }).fill('198.51.100.1');
  await dialog.getByRole('switch', { name: 'Next free interface addresses' }).click();
  await dialog.getByLabel('From these prefixes').fill('10.7.0.0/24, 198.51.100.0/24');
  await expect(dialog).toContainText('198.51.100.0/24 is outside');
  await expect(dialog.getByRole('button', { name: 'Fill in' })).toBeDisabled();
  await dialog.getByLabel('From these prefixes').fill('10.7.0.0/24');
  await dialog.getByRole('switch', { name: 'Generate pre-shared keys' }).click();
  await dialog.getByLabel('Health check type').selectOption('Request');
  await expect(dialog).toContainText('Filling it in turns BGP on for those rows, and no others.');
  await dialog.getByLabel('Customer ASN').fill('65010');
  await dialog.getByRole('switch', { name: 'Make each row a redundant pair' }).click();
  await dialog.getByLabel('Second Cloudflare endpoint').fill('203.0.113.1');
  await expect(dialog).toContainText('ams-1 and ams-2');
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Fill in and make pairs' }).click();
  await expect(rowCounts(page)).toContainText('6 rows·6 ready');
  await expect(grid(page).getByRole('rowheader')).toHaveText(['1', '1 (second)', '2', '2 (second)', '3', '3 (second)']);
  const addresses = await page.locator('[data-field="interface_address"]').allTextContents();
  expect(addresses).toEqual([
    '10.7.0.0/31',
    '10.7.0.4/31',
    '10.7.0.6/31',
    '10.7.0.8/31',
    '10.7.0.10/31',
    '10.7.0.12/31',
  ]);
  const endpoints = await page.locator('[data-field="cloudflare_endpoint"]').allTextContents();
  expect(new Set(endpoints.filter((_, index) => index % 2 === 1))).toEqual(new Set(['203.0.113.1']));
  await expect(page.getByText('Pairs: a second tunnel for 3 rows.')).toBeVisible();
  await panel(page).getByRole('button', { name: 'Undo the fill', exact: true }).click();
  await expect(rowCounts(page)).toContainText('3 rows');
});

test('a device’s guide fills in what it asks for', async ({ page }) => {
  await chooseFile(page, csv(branches(2)));
  await page.getByRole('button', { name: 'Fill in…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Device').getByRole('option').first()).toHaveText('Any');
  await dialog.getByLabel('Device').selectOption('VeloCloud');
  await expect(dialog).toContainText('VeloCloud has one set of IKE settings');
  await expect(dialog.getByLabel('Replay protection')).toHaveValue('true');
  await dialog.getByRole('switch', { name: 'Make each row a redundant pair' }).click();
  await expect(dialog.getByRole('switch', { name: 'One pre-shared key for both' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Fill in and make pairs' }).click();
  await expect(cellOf(page, 2001, 'Pre-shared key')).toHaveText('As in row 1');

  // Azure has one Cloudflare endpoint twice, and probes that go to its own address.
  await panel(page).getByRole('button', { name: 'Undo' }).click();
  await expect(rowCounts(page)).toContainText('2 rows');
  await page.getByRole('button', { name: 'Fill in…' }).click();
  await dialog.getByLabel('Device').selectOption('Azure VPN Gateway');
  await dialog.getByRole('switch', { name: 'Make each row a redundant pair' }).click();
  await dialog.getByRole('button', { name: 'Fill in and make pairs' }).click();
  await expect(cellOf(page, 2001, 'Cloudflare endpoint')).toHaveText('198.51.100.1');
  await expect(page.locator('[data-row="1"] [data-field="health_check.target"]')).toHaveText('192.88.98.1');
});

test('those that are ready become a batch, and the rest stays', async ({ page, desk }) => {
  const rows = branches(4).with(2, ['branch-3', '198.51.100.1', '192.88.99.3', 'nonsense', KEY]);
  await chooseFile(page, csv(rows));
  await create(page).click();
  const dialog = page.getByRole('dialog', { name: 'Create 3 tunnels?' });
  await expect(dialog).toContainText(ACCOUNT.label);
  await expect(dialog.getByText('Production', { exact: true })).toBeVisible();
  await expect(dialog).toContainText('3 with a key of their own');
  await expect(dialog).toContainText('ask for it again');
  await expect(dialog).toContainText('One row stays');
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Create 3 tunnels' }).click();
  await expect(page).toHaveURL(/\/ipsec-tunnels\/batches\/[0-9a-f-]{36}$/);
  await expect
    .poll(async () => (await desk.tunnels()).map(({ name }) => name).toSorted())
    .toEqual(['branch-1', 'branch-2', 'branch-4']);

  // In this document the rest has its key still.
  await page.goBack();
  await expect(rowCounts(page)).toContainText('1 row·0 ready·1 with issues');
  await expect(cellOf(page, 3, 'Pre-shared key')).toHaveText('••••••••');
  await expect(create(page)).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  const earlier = page.getByRole('region', { name: 'Earlier batches' });
  await expect(earlier.getByRole('listitem')).toContainText('3 of 3 created');
  await earlier.getByRole('link', { name: 'branches.csv' }).click();
  await expect(page).toHaveURL(/\/batches\//);
});

test('Cloudflare validates the rows, and what it refuses holds a row back', async ({ page, desk }) => {
  await chooseFile(page, csv(branches(2)));
  await expect(rowCounts(page)).toContainText('2 ready');
  // Past the desk, which has listed the tunnels already.
  await desk.createElsewhere({
    name: 'branch-2',
    cloudflare_endpoint: '203.0.113.1',
    interface_address: '10.0.0.0/31',
  });
  await page.getByRole('button', { name: 'Validate all' }).click();
  await expect(rowCounts(page)).toContainText('1 ready·1 with issues');
  await expect(kinds(page)).toContainText('Cloudflare refused it');
  expect((await desk.tunnels()).map(({ name }) => name)).toEqual(['branch-2']);
  await cellOf(page, 2, 'Name').click();
  await page.keyboard.type('branch-2-new');
  await page.keyboard.press('Enter');
  await expect(rowCounts(page)).toContainText('2 ready');
});

test('the page has no violation, with and without rows', async ({ page }) => {
  await page.goto(IMPORT);
  await expect(page.getByLabel(/choose one/)).toBeVisible();
  await expectNoViolations(page);
  const rows = branches(60).map((cells, index) => (index % 4 === 0 ? cells.with(3, '10.0.0.0/24') : cells));
  await chooseFile(page, csv(rows));
  await cellOf(page, 1, 'Interface address').click();
  await expect(panel(page)).toContainText('Use 10.0.0.0/31');
  await expectNoViolations(page);
  await page.keyboard.press('F2');
  await expectNoViolations(page);
});

test('2,000 rows scroll like ten', async ({ page }) => {
  await chooseFile(
    page,
    csv(
      branches(2000).map((cells, index) =>
        cells.with(3, `10.${10 + Math.floor(index / 10_000)}.${Math.floor(index / 100)}.${2 * (index % 100)}/31`),
      ),
    ),
  );
  await expect(rowCounts(page)).toContainText('2,000 rows·2,000 ready');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2001');
  expect(await grid(page).getByRole('rowheader').count()).toBeLessThan(100);
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(cellOf(page, 2000, 'Pre-shared key')).toBeInViewport();
  expect(await grid(page).getByRole('rowheader').count()).toBeLessThan(100);
  await page.keyboard.press('Control+Home');
  await expect(cellOf(page, 1, 'Name')).toBeInViewport();
});

test.describe('at 360 px', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('the rows are cards, each with its issues and a dialog to edit it', async ({ page }) => {
    await chooseFile(page, csv(branches(30).with(1, ['branch-2', '198.51.100.1', '', '10.0.0.0/24', ''])));
    await expect(grid(page)).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectNoViolations(page);
    await page.getByRole('link', { name: '1 with issues' }).click();
    const card = page.getByRole('list', { name: 'Rows of the import' }).getByRole('listitem');
    await expect(card).toHaveCount(1);
    await expect(card).toContainText('a tunnel interface must be /31');
    await card.getByRole('button', { name: 'Edit row 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Row 2, branch-2' });
    await expectNoViolations(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await dialog.getByRole('button', { name: 'Use 10.0.0.0/31' }).click();
    await expect(dialog.getByLabel('Interface address', { exact: true })).toHaveValue('10.0.0.0/31');
    await dialog.getByLabel('Customer ASN').fill('none');
    await expect(dialog).toContainText('none');
    await dialog.getByLabel('Customer ASN').fill('65001');
    await dialog.getByRole('button', { name: 'Generate' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('link', { name: '30 rows' }).click();
    await expect(rowCounts(page)).toContainText('30 ready');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(rowCounts(page)).toContainText('1 with issues');
  });
});

signedInTest('a viewer may import and validate, and is told why not more', async ({ page, accessProxy }) => {
  await accessProxy.vouchFor(page, ['readers']);
  await chooseFile(page, csv(branches(2)));
  await expect(rowCounts(page)).toContainText('2 ready');
  await expect(create(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(create(page)).toHaveAccessibleDescription(/takes the operator role/);
  await create(page).click({ force: true });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Validate all' }).click();
  await expect(page.getByText('2 of 2 valid')).toBeVisible();
});
