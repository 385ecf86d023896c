import type { Page } from '@playwright/test';
import { batchesPath } from '@tunnel-desk/shared/api/paths';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { field, fillValid, notesOn, openForm, validateButton } from '../support/form.ts';
import { listNeighbours, listTunnels } from '../support/neighbours.ts';

const PAIR = 'Two tunnels';
const SECOND_ADDRESS = 'Second interface address';
const IDENTITY = `.${ACCOUNT.id}.custom.ipsec.cloudflare.com`;

/** A form that makes a pair, valid but for what the test does with it. */
async function fillPair(page: Page, values: Record<string, string> = {}): Promise<void> {
  await fillValid(page, { Name: 'branch-ams', ...values });
  await field(page, PAIR).click();
  await field(page, SECOND_ADDRESS).fill('10.0.0.2/31');
}

function createButton(page: Page) {
  return page.getByRole('button', { name: 'Create 2 tunnels' });
}

/** Both requests as the panel shows them. */
async function shownRequests(page: Page): Promise<unknown[]> {
  const texts = await page.locator('pre').allTextContents();
  return texts.map((text): unknown => JSON.parse(text));
}

/** What the desk is sent to keep, once it is. */
function sentBatch(page: Page) {
  return page.waitForRequest(
    (request) => request.method() === 'PUT' && request.url().includes(batchesPath(ACCOUNT.id)),
  );
}

test('a pair is made by keyboard alone: its batch is begun, and its page creates both', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page, { Name: 'branch-ams' });
  await field(page, PAIR).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('They will be named branch-ams-1 and branch-ams-2.')).toBeVisible();
  await expect(field(page, 'Second Cloudflare endpoint')).toHaveValue('203.0.113.1');
  await page.keyboard.press('Tab');
  await expect(field(page, 'First suffix')).toBeFocused();
  await page.keyboard.type('-a');
  await page.keyboard.press('Tab');
  await page.keyboard.type('-b');
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab');
  await expect(field(page, SECOND_ADDRESS)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(field(page, SECOND_ADDRESS)).toHaveValue('10.0.0.2/31');
  const sent = sentBatch(page);
  await createButton(page).press('Enter');
  expect((await sent).postDataJSON()).toMatchObject({
    source: { kind: 'pair', name: 'branch-ams' },
    rows: [
      {
        request: { name: 'branch-ams-a', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' },
        keySource: 'later',
      },
      {
        request: { name: 'branch-ams-b', cloudflare_endpoint: '203.0.113.1', interface_address: '10.0.0.2/31' },
        keySource: 'later',
      },
    ],
  });
  await expect(page).toHaveURL(/\/ipsec-tunnels\/batches\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: '2 of 2 tunnels created' })).toBeVisible();
  expect((await desk.tunnels()).map(({ name }) => name).sort()).toEqual(['branch-ams-a', 'branch-ams-b']);
  await page.goto('/tunnels/new');
  await expect(field(page, 'Name')).toHaveValue('');
});

test('two generated keys are with the two tunnels afterwards, and in no row that the desk keeps', async ({ page }) => {
  await openForm(page);
  await fillPair(page);
  await page.getByText('Generate one here').click();
  const keys = [
    await field(page, 'Pre-shared key').inputValue(),
    await field(page, 'Second pre-shared key').inputValue(),
  ];
  const sent = sentBatch(page);
  await createButton(page).click();
  const body = (await sent).postData() ?? '';
  for (const key of keys) expect(body).not.toContain(key);
  expect(JSON.parse(body)).toMatchObject({ rows: [{ keySource: 'generated' }, { keySource: 'generated' }] });
  await page.getByRole('button', { name: 'Keys of 2 tunnels' }).click();
  const dialog = page.getByRole('dialog', { name: 'Keys of this batch' });
  for (const [index, key] of keys.entries()) {
    const row = dialog.getByRole('listitem').filter({ hasText: `branch-ams-${index + 1}` });
    await row.getByRole('button', { name: 'Reveal' }).click();
    await expect(row).toContainText(key);
  }
});

test('validate only validates both, and shows what was said of each', async ({ page, desk }) => {
  await openForm(page);
  await fillPair(page);
  await validateButton(page).click();
  const result = page.getByRole('status').filter({ hasText: 'Valid. Nothing was created.' });
  await expect(result).toContainText('branch-ams-1: Validated by the sandbox; not persisted.');
  await expect(result).toContainText('branch-ams-2: Validated by the sandbox; not persisted.');
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([
    expect.stringContaining('?validate_only=true'),
    expect.stringContaining('?validate_only=true'),
  ]);
  expect(await desk.tunnels()).toEqual([]);
  await field(page, 'Second suffix').fill('-b');
  await expect(page.getByText('Changed since it was validated: validate again.')).toBeVisible();
});

test('what Cloudflare refuses of the second is said at its field, beside what holds of the first', async ({
  page,
  desk,
}) => {
  await desk.createElsewhere({
    name: 'branch-ams-2',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.9.0.0/31',
  });
  await openForm(page);
  await fillPair(page);
  await validateButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('branch-ams-2: ');
  await expect(summary).toContainText('Nothing was created.');
  await expect(summary).toContainText('branch-ams-1: Validated by the sandbox');
  await summary.getByRole('button', { name: 'Second suffix' }).click();
  await expect(field(page, 'Second suffix')).toBeFocused();
  await field(page, 'Second suffix').fill('-3');
  await expect(await notesOn(page, 'Second suffix')).toHaveText('');
});

test('both requests are shown, and what the second has of its own is in the second alone', async ({ page }) => {
  await openForm(page);
  await fillPair(page, { 'Custom IKE identity': 'ams' });
  await page.getByText('Generate one here').click();
  const key = await field(page, 'Pre-shared key').inputValue();
  const second = await field(page, 'Second pre-shared key').inputValue();
  expect(second).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(second).not.toBe(key);
  await field(page, 'Second customer endpoint').fill('192.88.99.11');
  const common = { psk: '••••••••', health_check: { direction: 'bidirectional' } };
  await expect
    .poll(() => shownRequests(page))
    .toEqual([
      {
        ...common,
        name: 'branch-ams-1',
        cloudflare_endpoint: '198.51.100.1',
        customer_endpoint: '192.88.99.10',
        interface_address: '10.0.0.0/31',
        custom_remote_identities: { fqdn_id: `ams-1${IDENTITY}` },
      },
      {
        ...common,
        name: 'branch-ams-2',
        cloudflare_endpoint: '203.0.113.1',
        customer_endpoint: '192.88.99.11',
        interface_address: '10.0.0.2/31',
        custom_remote_identities: { fqdn_id: `ams-2${IDENTITY}` },
      },
    ]);
  await field(page, 'One custom IKE identity for both').click();
  await field(page, 'One pre-shared key for both').click();
  await expect(field(page, 'Second pre-shared key')).toHaveCount(0);
  const sent = sentBatch(page);
  await createButton(page).click();
  const body = (await sent).postData() ?? '';
  expect(body).not.toContain(key);
  expect(JSON.parse(body)).toMatchObject({
    rows: [
      { request: { custom_remote_identities: { fqdn_id: `ams${IDENTITY}` } } },
      { request: { custom_remote_identities: { fqdn_id: `ams${IDENTITY}` } }, sharesKeyWith: 1 },
    ],
  });
});

test.describe('is validated as it is typed', () => {
  test.beforeEach(({ desk }) => {
    listNeighbours(desk);
    listTunnels(desk, ['10.9.0.0/31']);
  });

  test('the second interface address by the rules of the first, and against the first', async ({ page }) => {
    await openForm(page);
    await fillPair(page, { 'Interface address': '10.9.0.2/31' });
    const notes = await notesOn(page, SECOND_ADDRESS);
    await field(page, SECOND_ADDRESS).fill('10.9.0.0/24');
    await expect(notes).toContainText('a tunnel interface must be /31');
    await field(page, SECOND_ADDRESS).fill('10.9.0.1/31');
    await expect(notes).toContainText('This overlaps 10.9.0.0/31');
    await field(page, SECOND_ADDRESS).fill('10.9.0.3/31');
    await expect(notes).toContainText("10.9.0.3/31 overlaps the first tunnel's 10.9.0.2/31");
    await page.getByRole('button', { name: 'Next free second interface address' }).click();
    await expect(field(page, SECOND_ADDRESS)).toHaveValue('10.9.0.4/31');
    await expect(notes).toHaveText('');
    await field(page, 'Interface address').fill('10.9.0.4/31');
    await expect(notes).toContainText("overlaps the first tunnel's");
    await page.getByRole('button', { name: 'Next free interface address' }).click();
    await expect(field(page, 'Interface address')).toHaveValue('10.9.0.2/31');
  });

  test('two suffixes make two names that are free', async ({ page }) => {
    await openForm(page);
    await fillPair(page);
    const notes = await notesOn(page, 'Second suffix');
    await field(page, 'Second suffix').fill('-1');
    await expect(notes).toContainText('Both tunnels would be named branch-ams-1: choose two suffixes.');
    await createButton(page).click();
    await expect(page.getByRole('alert')).toContainText('One thing needs your attention. Nothing was sent.');
    await field(page, 'Second suffix').fill('');
    await expect(notes).toHaveText('');
    await expect(page.getByText('They will be named branch-ams-1 and branch-ams.')).toBeVisible();
  });

  test('one identity on one Cloudflare endpoint is refused before it is sent', async ({ page, desk }) => {
    await openForm(page);
    await fillPair(page, { 'Custom IKE identity': 'ams' });
    await field(page, 'Second Cloudflare endpoint').fill('198.51.100.1');
    await field(page, 'Second Cloudflare endpoint').blur();
    const notes = await notesOn(page, 'One custom IKE identity for both');
    await expect(notes).toHaveText('');
    await expect(await notesOn(page, 'Second Cloudflare endpoint')).toContainText(
      'Both tunnels have the same two endpoints',
    );
    await field(page, 'One custom IKE identity for both').click();
    await expect(notes).toContainText('which Cloudflare refuses');
    await createButton(page).click();
    await expect(page.getByRole('alert')).toContainText('Nothing was sent.');
    expect(desk.responses.filter((response) => response.includes('PUT'))).toEqual([]);
  });
});

test('the draft keeps the pair over a reload, and a link carries it, both without the second key', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await fillPair(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill('correct horse battery staple');
  await field(page, 'Second pre-shared key').fill('correct horse battery stable');
  await field(page, 'Second suffix').fill('-backup');
  await page.reload();
  await expect(field(page, 'Second suffix')).toHaveValue('-backup');
  await expect(field(page, SECOND_ADDRESS)).toHaveValue('10.0.0.2/31');
  await expect(field(page, 'Second pre-shared key')).toHaveValue('');
});

test('a pair that is switched off is one tunnel again', async ({ page }) => {
  await openForm(page);
  await fillPair(page);
  await field(page, PAIR).click();
  await page.getByRole('button', { name: 'Create tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams was created' })).toBeVisible();
});

test('where the desk cannot keep the batch, nothing is created, and the form stays', async ({ page, desk }) => {
  await page.route(`**${batchesPath(ACCOUNT.id)}/*`, (route) => route.abort());
  await openForm(page);
  await fillPair(page);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("This page can't reach its server. Your entries are kept.");
  await expect(page.getByRole('alert')).toContainText('Nothing was created.');
  await expect(field(page, SECOND_ADDRESS)).toHaveValue('10.0.0.2/31');
  expect(await desk.tunnels()).toEqual([]);
});

test('fields of the second that cannot be loaded are said to be missing, and are there once they can', async ({
  page,
}) => {
  const fields = '**/assets/pair-fields-*.js';
  await page.route(fields, (route) => route.abort());
  await openForm(page);
  await field(page, PAIR).click();
  await expect(page.getByText("The fields of the second can't be loaded just now.")).toBeVisible();
  await page.unroute(fields);
  await field(page, PAIR).click();
  await field(page, PAIR).click();
  await expect(field(page, SECOND_ADDRESS)).toBeVisible();
});

test('a pair is copied as two', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openForm(page);
  await fillPair(page);
  await page.getByRole('button', { name: 'Copy as' }).click();
  await page.getByRole('menuitem', { name: 'JSON' }).click();
  await expect(page.getByText('JSON of 2 tunnels')).toBeVisible();
  const copied: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject([{ name: 'branch-ams-1' }, { name: 'branch-ams-2', interface_address: '10.0.0.2/31' }]);
});

test('neither the card nor its issues have a violation, and at 360 px nothing is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openForm(page);
  await fillPair(page, { 'IPv6 interface address': '2001:db8::2/127' });
  await page.getByText('Generate one here').click();
  await field(page, SECOND_ADDRESS).fill('10.0.0.1/31');
  await field(page, 'Second suffix').fill('-1');
  await expectNoViolations(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});
