// A batch of creates on its own page: run, held, resumed elsewhere, corrected, taken along and undone.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import type { KeptBatchRow } from '@tunnel-desk/shared/api/batches';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { test as signedInTest } from '../support/signed-in-desk.ts';
import { browserStorage, tabTo } from '../support/tunnel-pages.ts';

type Source = KeptBatchRow['keySource'];

/** Rows branch-1, branch-2 and so on, with these sources of their keys. */
function rowsOf(...sources: readonly Source[]): KeptBatchRow[] {
  return sources.map((keySource, index) => ({
    request: {
      name: `branch-${index + 1}`,
      cloudflare_endpoint: '198.51.100.1',
      customer_endpoint: `192.88.99.${index + 1}`,
      interface_address: `10.0.0.${2 * index}/31`,
    },
    keySource,
  }));
}

const LATER: readonly Source[] = ['later', 'later', 'later', 'later'];

/** Begins a batch as another browser would have, and opens its page. */
async function openBatch(page: Page, desk: Desk, rows: readonly KeptBatchRow[] = rowsOf(...LATER)): Promise<string> {
  const id = randomUUID();
  const path = `${desk.url}/api/accounts/${ACCOUNT.id}/tunnel-batches/${id}`;
  const response = await page.request.put(path, { data: { source: { kind: 'file', name: 'branches.csv' }, rows } });
  expect(response.status()).toBe(200);
  const url = `/accounts/${ACCOUNT.id}/ipsec-tunnels/batches/${id}`;
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1, name: /^Batch: branches\.csv, .*\d:\d\d/ })).toBeFocused();
  return url;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const row = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Rows' })
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) });
const result = (page: Page, words: string) => page.getByRole('heading', { level: 2, name: words });
const names = async (desk: Desk) => (await desk.tunnels()).map(({ name }) => name).sort();
const createsSent = (desk: Desk) => desk.upstreamRequests.filter((request) => request.startsWith('POST'));

/** Lets every create wait until it is let go, so that a test sees what is under way. */
function holdCreates(desk: Desk): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  desk.failUpstream({ kind: 'hold', until: promise });
  return () => {
    desk.failUpstream(undefined);
    resolve();
  };
}

async function contentOf(download: Promise<Download>): Promise<{ name: string; text: string }> {
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('creates every row, two at a time, and says how many there are', async ({ page, desk }) => {
  await openBatch(page, desk);
  await expect(page.getByText('0 of 4 created, 4 not tried').first()).toBeVisible();
  const letGo = holdCreates(desk);
  await button(page, 'Create 4 tunnels').click();
  await expect(row(page, 'branch-2')).toContainText('Being created');
  await expect(row(page, 'branch-3')).toContainText('Not tried');
  expect(createsSent(desk)).toHaveLength(2);
  letGo();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  await expect(page).toHaveTitle(/^4 of 4 · Batch: branches\.csv, .*\d:\d\d.* · Tunnel Desk$/);
  expect(await names(desk)).toEqual(['branch-1', 'branch-2', 'branch-3', 'branch-4']);
  await row(page, 'branch-3').getByRole('link', { name: 'branch-3' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'branch-3' })).toBeVisible();
});

test('is paused and resumed, and asks before it is left meanwhile', async ({ page, desk }) => {
  await openBatch(page, desk);
  const letGo = holdCreates(desk);
  await button(page, 'Create 4 tunnels').click();
  await expect(row(page, 'branch-2')).toContainText('Being created');
  await button(page, 'Pause').click();
  letGo();
  await expect(page.getByText('2 of 4 created, 2 not tried', { exact: true }).first()).toBeVisible();
  expect(createsSent(desk)).toHaveLength(2);
  const question = page.waitForEvent('dialog');
  const leaving = page.getByRole('link', { name: 'Activity' }).click();
  const asked = await question;
  expect(asked.message()).toContain('What is under way still ends');
  await asked.dismiss();
  await leaving;
  await button(page, 'Resume').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  expect(createsSent(desk)).toHaveLength(4);
});

test('goes on after a reload with the rows that were not tried, and makes none twice', async ({ page, desk }) => {
  await openBatch(page, desk);
  const letGo = holdCreates(desk);
  await button(page, 'Create 4 tunnels').click();
  await expect(row(page, 'branch-2')).toContainText('Being created');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(row(page, 'branch-1')).toContainText('Being created');
  letGo();
  await expect(page.getByText('2 of 4 created, 2 not tried').first()).toBeVisible();
  await button(page, 'Resume with 2 tunnels').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  expect(await names(desk)).toEqual(['branch-1', 'branch-2', 'branch-3', 'branch-4']);
  expect(createsSent(desk)).toHaveLength(4);
});

test('asks for the keys that a browser does not hold before it begins', async ({ page, desk }) => {
  const rows = rowsOf('later', 'own', 'generated', 'generated', 'own');
  const sharing = rows.map((each, index): KeptBatchRow => (index === 4 ? { ...each, sharesKeyWith: 2 } : each));
  await openBatch(page, desk, sharing);
  await expect(page.getByRole('heading', { name: '3 keys are needed again' })).toBeVisible();
  await expect(row(page, 'branch-5')).toContainText('needs its key');
  await expectNoViolations(page);
  const shared = page.getByRole('textbox', { name: 'Key of branch-2 and branch-5' });
  await shared.fill('the key that the router has');
  await button(page, 'Use these keys').click();
  await expect(row(page, 'branch-5')).not.toContainText('needs its key');
  await button(page, 'Generate new keys for all 2').click();
  await button(page, 'Create 5 tunnels').click();
  await expect(result(page, '5 of 5 tunnels created')).toBeVisible();
  const withKeys = (await desk.tunnels()).filter(({ psk_metadata }) => psk_metadata?.last_generated_on !== undefined);
  expect(withKeys.map(({ name }) => name).sort()).toEqual(['branch-2', 'branch-3', 'branch-4', 'branch-5']);
  expect(await browserStorage(page)).not.toContain('the key that the router has');
});

test('creates the rows whose keys are here, and leaves the others', async ({ page, desk }) => {
  await openBatch(page, desk, rowsOf('later', 'own'));
  await button(page, 'Create 1 tunnel').click();
  await expect(page.getByText('1 of 2 created, 1 not tried').first()).toBeVisible();
  await button(page, 'Resume').click();
  await expect(page.getByRole('heading', { name: 'A key is needed again' })).toBeVisible();
  expect(await names(desk)).toEqual(['branch-1']);
});

test('is seen by another browser, which sends nothing that was sent', async ({ page, desk, browser }) => {
  const url = await openBatch(page, desk);
  const context = await browser.newContext({ baseURL: desk.url });
  const other = await context.newPage();
  await other.goto(url);
  const letGo = holdCreates(desk);
  await button(page, 'Create 4 tunnels').click();
  await expect(row(page, 'branch-2')).toContainText('Being created');
  await button(other, /^Create/).click();
  await expect(row(other, 'branch-4')).toContainText('Being created');
  await expect(row(other, 'branch-1')).toContainText('Being created');
  letGo();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  await expect(result(other, '4 of 4 tunnels created')).toBeVisible();
  expect(createsSent(desk)).toHaveLength(4);
  await context.close();
});

test('pauses at the first failure, and creates the row once it is corrected', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'elsewhere',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.0/31',
  });
  await openBatch(page, desk);
  await button(page, 'Create 4 tunnels').click();
  await expect(page.getByText('Paused: Cloudflare refused this tunnel.')).toBeVisible();
  await expect(row(page, 'branch-1')).toContainText('Interface address: 10.0.0.0/31 overlaps');
  await expect(row(page, 'branch-4')).toContainText('Not tried');
  await expectNoViolations(page);
  await tabTo(page, button(page, 'Edit branch-1'));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Row 1, branch-1' });
  await expect(dialog).toBeVisible();
  await expectNoViolations(page);
  const address = dialog.getByRole('textbox', { name: 'Interface address', exact: true });
  await address.fill('10.0.0.9');
  await button(page, 'Save and try again').click();
  await expect(address).toBeFocused();
  await dialog.getByRole('button', { name: 'Use 10.0.0.9/31' }).click();
  await button(page, 'Save and try again').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  const made = (await desk.tunnels()).find(({ name }) => name === 'branch-1');
  expect(made?.interface_address).toBe('10.0.0.9/31');
});

test('tells whose generated key is not in this tab, and what was deleted since', async ({ page, desk }) => {
  await openBatch(page, desk, rowsOf('generated', 'later'));
  await button(page, 'Generate a new key').click();
  await button(page, 'Create 2 tunnels').click();
  await expect(button(page, 'Keys of 1 tunnel')).toBeVisible();
  const lost = page.getByText('The generated key of branch-1 is not in this tab.');
  await expect(lost).toBeHidden();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(lost).toBeVisible();
  await desk.deleteElsewhere((await desk.tunnels()).find(({ name }) => name === 'branch-1')?.id ?? '');
  await page.reload();
  await expect(result(page, '2 of 2 tunnels created, 1 deleted since')).toBeVisible();
  await expect(lost).toBeHidden();
});

test('goes on after failures where it is told to', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'elsewhere',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.2/31',
  });
  await openBatch(page, desk);
  await page.getByRole('switch', { name: 'Pause at the first failure' }).click();
  await button(page, 'Create 4 tunnels').click();
  await expect(result(page, '3 of 4 tunnels created')).toBeVisible();
  await expect(row(page, 'branch-2')).toContainText('Not created');
  await desk.deleteElsewhere((await desk.tunnels()).find(({ name }) => name === 'elsewhere')?.id ?? '');
  await button(page, 'Try again: branch-2').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
});

test('waits as long as Cloudflare asks, and sends the row again', async ({ page, desk }) => {
  await openBatch(page, desk);
  const refusal = JSON.stringify({ success: false, errors: [{ code: 971, message: 'slow down' }], messages: [] });
  const headers = { 'content-type': 'application/json', 'retry-after': '2' };
  desk.failUpstream({ kind: 'response', status: 429, headers, body: refusal, handled: false });
  await button(page, 'Create 4 tunnels').click();
  await expect(page.getByText('Cloudflare asked us to wait')).toBeVisible();
  desk.failUpstream(undefined);
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  expect(await names(desk)).toHaveLength(4);
});

test('follows a row whose response was lost until it is known', async ({ page, desk }) => {
  await openBatch(page, desk, rowsOf('later', 'later'));
  desk.failUpstream({ kind: 'reset', handled: true }, { thenReads: true });
  await button(page, 'Create 2 tunnels').click();
  await expect(row(page, 'branch-1')).toContainText('Not known yet');
  await expectNoViolations(page);
  desk.failUpstream(undefined);
  desk.failLists(false);
  await expect(row(page, 'branch-1')).toContainText('Created');
  await expect(result(page, '2 of 2 tunnels created')).toBeVisible();
  expect(await names(desk)).toEqual(['branch-1', 'branch-2']);
});

test('keeps the key of a row whose response was lost, though others are sent meanwhile', async ({ page, desk }) => {
  await openBatch(page, desk, rowsOf('own', 'later', 'later', 'later'));
  await button(page, 'Generate a new key').click();
  desk.failUpstream({ kind: 'reset', handled: true }, { thenReads: true });
  await button(page, 'Create 4 tunnels').click();
  await expect(page.getByText('Two in a row have no known outcome.')).toBeVisible();
  await button(page, 'Stop after the current one').click();
  desk.failUpstream(undefined);
  await button(page, /^Create [12] tunnel/).click();
  desk.failLists(false);
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  await button(page, 'Keys of 1 tunnel').click();
  await expect(page.getByRole('dialog')).toContainText('1 not copied, revealed or downloaded yet');
});

test('asks for the keys of rows that are tried again', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'elsewhere',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.0/31',
  });
  await openBatch(page, desk, rowsOf('own'));
  await button(page, 'Generate a new key').click();
  await button(page, 'Create 1 tunnel').click();
  await expect(row(page, 'branch-1')).toContainText('Not created');
  await page.reload();
  await button(page, 'Try 1 tunnel not created again').click();
  await expect(page.getByRole('heading', { name: 'A key is needed again' }).locator('../..')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(button(page, 'Generate a new key')).toBeFocused();
});

test('pauses when the desk cannot be reached, and loses nothing', async ({ page, desk, context }) => {
  await openBatch(page, desk);
  await context.setOffline(true);
  await button(page, 'Create 4 tunnels').click();
  await expect(page.getByText("Paused: This page can't reach its server.")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('0 of 4 created, 4 not tried').first()).toBeVisible();
  await button(page, 'Resume').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  expect(createsSent(desk)).toHaveLength(4);
});

test('has the result, the keys and the rows that are left to take along', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'elsewhere',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.2/31',
  });
  await openBatch(page, desk, rowsOf('generated', 'later'));
  await button(page, 'Generate a new key').click();
  await button(page, 'Create 2 tunnels').click();
  await expect(result(page, '1 of 2 tunnels created')).toBeVisible();
  const made = (await desk.tunnels()).find(({ name }) => name === 'branch-1');

  const resultFile = contentOf(page.waitForEvent('download'));
  await button(page, 'Download the result as CSV').click();
  const { name, text } = await resultFile;
  expect(name).toBe('branches-result.csv');
  expect(text).toContain(`1,created,branch-1,${made?.id},198.51.100.1,192.88.99.1,10.0.0.0/31,10.0.0.1/31`);
  expect(text).toContain('2,not created,branch-2,,198.51.100.1,192.88.99.2,10.0.0.2/31');

  const leftFile = contentOf(page.waitForEvent('download'));
  await button(page, 'Download 1 row not created as CSV').click();
  const left = await leftFile;
  expect(left.name).toBe('branches-not-created.csv');
  expect(left.text).toMatch(/^name,.*\r\nbranch-2,/);

  const question = page.waitForEvent('dialog');
  const leaving = page.getByRole('link', { name: 'Activity' }).click();
  const asked = await question;
  expect(asked.message()).toContain('Generated keys that you have neither copied nor downloaded');
  await asked.dismiss();
  await leaving;

  await button(page, 'Keys of 1 tunnel').click();
  const keysFile = contentOf(page.waitForEvent('download'));
  await button(page, 'Download all as CSV').click();
  const keys = await keysFile;
  const [, key = ''] = /,branch-1,([A-Za-z0-9]{40})/.exec(keys.text) ?? [];
  expect(key).not.toBe('');
  for (const other of [text, left.text, await browserStorage(page)]) expect(other).not.toContain(key);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Activity' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
});

test('is undone: deletes exactly what it made', async ({ page, desk }) => {
  await desk.createElsewhere({
    name: 'elsewhere',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.100/31',
  });
  await openBatch(page, desk, rowsOf('later', 'later'));
  await button(page, 'Create 2 tunnels').click();
  await button(page, 'Undo: delete 2 tunnels').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('2');
  await dialog.getByRole('button', { name: 'Delete 2 tunnels' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(row(page, 'branch-1')).toContainText('Created, deleted since');
  await expect(button(page, /^Undo/)).toBeHidden();
  expect(await names(desk)).toEqual(['elsewhere']);
});

test('has what it made also where the account cannot be listed, and says what is missing', async ({ page, desk }) => {
  await openBatch(page, desk, rowsOf('later', 'later'));
  desk.failLists(true);
  await button(page, 'Create 2 tunnels').click();
  await expect(button(page, 'Undo: delete 2 tunnels')).toBeVisible();
  await expect(button(page, 'List again')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('2 tunnels of this batch');
  await expect(button(page, /^Undo/)).toBeHidden();
  await expectNoViolations(page);
  desk.failLists(false);
  await button(page, 'List again').click();
  await expect(button(page, 'Undo: delete 2 tunnels')).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('nothing is wider than the page', async ({ page, desk }) => {
    const [first, second] = rowsOf('own', 'later');
    if (first === undefined || second === undefined) throw new Error('there are two');
    const long = { ...second, request: { ...second.request, name: 'a-very-long-name-'.repeat(8) } };
    await openBatch(page, desk, [first, long]);
    await button(page, 'Create 1 tunnel').click();
    await expect(page.getByText('1 of 2 created, 1 not tried').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await expectNoViolations(page);
  });
});

test('shows some of 4,000 rows at a time', async ({ page, desk }) => {
  const rows = Array.from({ length: 4_000 }, (_, index): KeptBatchRow => {
    const interfaceAddress = `10.${Math.floor(index / 128)}.${index % 128}.0/31`;
    const request = {
      name: `site-${index + 1}`,
      cloudflare_endpoint: '198.51.100.1',
      interface_address: interfaceAddress,
    };
    return { request, keySource: 'later' };
  });
  await openBatch(page, desk, rows);
  await expect(page.getByText('0 of 4000 created, 4000 not tried').first()).toBeVisible();
  const list = page.getByRole('region', { name: 'Rows' });
  await list.press('End');
  await expect(row(page, 'site-4000')).toBeVisible();
  expect(await list.getByRole('listitem').count()).toBeLessThan(100);
});

test('says where there is no such batch', async ({ page }) => {
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/batches/${randomUUID()}`);
  await expect(page.getByRole('heading', { name: 'There is no such batch' })).toBeFocused();
});

test.describe('from an import', () => {
  const OWN_KEY = 'the key that the router has';
  const CSV = [
    'name,cloudflare_endpoint,interface_address,psk',
    `branch-1,198.51.100.1,10.0.0.0/31,${OWN_KEY}`,
    `branch-2,198.51.100.1,10.0.0.2/31,${OWN_KEY}`,
    `branch-3,198.51.100.1,10.0.0.4/31,${OWN_KEY}`,
    'branch-4,198.51.100.1,10.0.0.6/31,',
    '',
  ].join('\r\n');

  async function readFile(page: Page): Promise<void> {
    await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/import`);
    await page
      .getByLabel(/choose one/)
      .setInputFiles({ name: 'branches.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  }

  test('runs by itself with the keys of the file, and asks for them again after a reload', async ({ page, desk }) => {
    await readFile(page);
    const letGo = holdCreates(desk);
    await button(page, 'Create 4 tunnels').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create 4 tunnels' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'branches.csv' })).toBeVisible();
    await expect(row(page, 'branch-2')).toContainText('Being created');
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    letGo();
    await expect(page.getByText('2 of 4 created, 2 not tried').first()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'A key is needed again' })).toBeVisible();
    expect(await page.content()).not.toContain(OWN_KEY);
    expect(await browserStorage(page)).not.toContain(OWN_KEY);
    await page.getByRole('textbox', { name: 'Key of branch-3' }).fill(OWN_KEY);
    await button(page, 'Use these keys').click();
    await button(page, 'Resume with 2 tunnels').click();
    await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
    const keyed = (await desk.tunnels()).filter(({ psk_metadata }) => psk_metadata?.last_generated_on !== undefined);
    expect(keyed.map(({ name }) => name).sort()).toEqual(['branch-1', 'branch-2', 'branch-3']);
    expect(createsSent(desk)).toHaveLength(4);
  });

  test('all rows are validated by Cloudflare at a pace, paused, and none is created', async ({ page, desk }) => {
    await readFile(page);
    const letGo = holdCreates(desk);
    await page.getByRole('combobox', { name: 'Rows a second' }).selectOption('1');
    await button(page, 'Validate all').click();
    await expect(page.getByText('0 of 4 validated')).toBeVisible();
    await button(page, 'Pause').click();
    letGo();
    await expect(page.getByText('1 of 4 validated')).toBeVisible();
    await page.getByRole('combobox', { name: 'Rows a second' }).selectOption('4');
    await button(page, 'Resume').click();
    await expect(page.getByText('4 of 4 valid', { exact: true })).toBeVisible();
    expect(createsSent(desk).every((request) => request.endsWith('?validate_only=true'))).toBe(true);
    expect(createsSent(desk)).toHaveLength(4);
    expect(await desk.tunnels()).toEqual([]);
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Rows a second' })).toHaveValue('4');
  });
});

test('pauses while Cloudflare cannot be reached, whatever is to happen after failures', async ({ page, desk }) => {
  await openBatch(page, desk);
  await page.getByRole('switch', { name: 'Pause at the first failure' }).click();
  await desk.stopUpstream();
  await button(page, 'Create 4 tunnels').click();
  await expect(page.getByText("Paused: Cloudflare can't be reached.")).toBeVisible();
  await expect(page.getByText('0 of 4 created, 4 not tried').first()).toBeVisible();
});

test('is run by its quick actions', async ({ page, desk }) => {
  await openBatch(page, desk);
  const letGo = holdCreates(desk);
  const actions = page.getByRole('dialog', { name: 'Quick actions' });
  const choose = async (text: string) => {
    await page.keyboard.press('Control+k');
    await expect(actions.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await expect(actions).toBeHidden();
  };
  await choose('create 4 tunnels');
  await expect(row(page, 'branch-2')).toContainText('Being created');
  await choose('stop after');
  letGo();
  await expect(result(page, '2 of 4 tunnels created')).toBeVisible();
  await choose('undo');
  await expect(page.getByRole('dialog', { name: 'Delete 2 tunnels?' })).toBeVisible();
});

signedInTest('is read by a viewer, who is told why they cannot go on with it', async ({ page, desk, accessProxy }) => {
  const id = randomUUID();
  await accessProxy.vouchFor(page, ['net-ops']);
  await page.goto('/');
  const begin = { path: `/api/accounts/${ACCOUNT.id}/tunnel-batches/${id}`, rows: rowsOf('own', 'later') };
  const status = await page.evaluate(async ({ path, rows }) => {
    const body = JSON.stringify({ source: { kind: 'file', name: 'branches.csv' }, rows });
    return (await fetch(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })).status;
  }, begin);
  expect(status).toBe(200);
  await accessProxy.vouchFor(page, ['readers']);
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/batches/${id}`);
  await expect(page.getByText('0 of 2 created, 2 not tried').first()).toBeVisible();
  await expect(button(page, /^Create/)).toBeDisabled();
  await expect(page.getByText('That takes the operator role.')).toBeVisible();
  await expect(page.getByRole('heading', { name: /needed again/ })).toBeHidden();
  expect(createsSent(desk)).toEqual([]);
});

test('a batch that is not finished is named on the list, with the way to it', async ({ page, desk }) => {
  await openBatch(page, desk);
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await expect(page.getByText(/branches\.csv.* is not finished: 0 of 4 created, 4 not tried\./)).toBeVisible();
  await page.getByRole('link', { name: /^Batch: branches\.csv/ }).click();
  await button(page, 'Create 4 tunnels').click();
  await expect(result(page, '4 of 4 tunnels created')).toBeVisible();
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await expect(page.getByRole('link', { name: 'branch-4' })).toBeVisible();
  await expect(page.getByText('is not finished')).toHaveCount(0);
});
