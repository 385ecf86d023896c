import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm } from '../support/form.ts';

const KEY = 'correct horse battery staple';

test('the draft survives a reload, without the pre-shared key, which no browser storage ever holds', async ({
  page,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await fillValid(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill(KEY);
  await field(page, 'Use BGP').click();
  await field(page, 'Extra prefixes').fill('10.1.0.0/16');

  await page.reload();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await expect(field(page, 'Extra prefixes')).toHaveValue('10.1.0.0/16');
  await expect(page.getByRole('radio', { name: 'Use my own' })).toBeChecked();
  await expect(field(page, 'Pre-shared key')).toHaveValue('');
  await expect(page.getByText('The key you typed is not kept over a reload: enter it again.')).toBeVisible();
  await expect(page.locator('pre')).not.toContainText('psk');
  const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state]));
  expect(stored).toContain('branch-ams-1');
  expect(stored).not.toContain(KEY);
});

test('the pre-shared key is in no storage after creating either', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill(KEY);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state]));
  expect(stored).not.toContain(KEY);
  expect(page.url()).not.toContain(KEY);
});

test('a reload in the middle of a create waits for its outcome', async ({ page, desk }) => {
  page.on('dialog', (dialog) => dialog.accept());
  desk.failUpstream({ kind: 'delay', ms: 900 });
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await createButton(page).click();
  await sent;
  await page.reload();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await expect(page.getByText('It is not kept here')).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);
  await openForm(page);
  await expect(field(page, 'Name')).toHaveValue('');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a reload after a create whose outcome nobody knows looks for it, and says when it came to nothing', async ({
  page,
  desk,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  desk.failUpstream({ kind: 'reset', handled: false });
  desk.failLists(true);
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('The connection to Cloudflare broke off.');
  await page.reload();
  await expect(summary).toContainText("We don't know whether the tunnel was created.");
  await expect(summary).toContainText('This page was left before the response came.');
  desk.failUpstream(undefined);
  desk.failLists(false);
  await expect(summary).toContainText('The tunnel was not created.');
  await expect(summary).toContainText('It is safe to create it again.');
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);
});

test('a reload that reaches a desk without a record of the create looks through the account', async ({
  page,
  desk,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  desk.failUpstream({ kind: 'reset', handled: true });
  desk.failLists(true);
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("We don't know whether the tunnel was created.");
  await page.route('**/api/submissions/*', (route) =>
    route.fulfill({
      status: 404,
      json: { success: false, errors: [{ code: 90011, message: 'no create' }], messages: [], result: null },
    }),
  );
  desk.failLists(false);
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('The tunnel was created.');
});

test('leaving with unsent changes asks first', async ({ page }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });
  await openForm(page);
  await page.reload();
  expect(asked).toEqual([]);
  await field(page, 'Name').pressSequentially('branch');
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
});

test('going back within the app asks first, and staying keeps everything', async ({ page }) => {
  const goBack = () => page.evaluate(() => history.back());
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await page.getByRole('button', { name: 'Create a different one' }).click();
  await field(page, 'Name').pressSequentially('branch-2');

  const staying = page.waitForEvent('dialog').then((dialog) => dialog.dismiss());
  await goBack();
  await staying;
  await expect(field(page, 'Name')).toHaveValue('branch-2');

  const leaving = page.waitForEvent('dialog').then((dialog) => dialog.accept());
  await field(page, 'Name').press('End');
  await goBack();
  await leaving;
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
});

test('a created tunnel leaves no draft behind', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await openForm(page);
  await expect(field(page, 'Name')).toHaveValue('');
});
