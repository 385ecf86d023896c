import { expect, test } from '../support/desk.ts';
import { field, validateButton } from '../support/form.ts';
import { browserStorage, changeList, openEdit, saveButton, TUNNEL, tabTo } from '../support/tunnel-pages.ts';

function puts(requests: readonly string[]): string[] {
  return requests.filter((request) => request.startsWith('PUT'));
}

test('the form opens filled, lists what changes in words, and saves it', async ({ page, desk }) => {
  await openEdit(page, desk);
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await expect(field(page, 'Customer ASN')).toHaveValue('65001');
  await expect(page.getByRole('radio', { name: 'Keep the key' })).toBeChecked();
  await expect(changeList(page)).toContainText('Nothing yet.');

  await field(page, 'Description').fill('To the new office');
  await expect(changeList(page)).toContainText(/from To the Amsterdam office →\s+to To the new office/);
  await saveButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeFocused();
  await expect(page.getByRole('region', { name: 'What was saved' })).toContainText('To the new office');
  const [tunnel] = await desk.tunnels();
  const { psk: _, description: __, ...rest } = TUNNEL;
  expect(tunnel).toMatchObject({ ...rest, description: 'To the new office' });
  expect(tunnel?.psk_metadata?.last_generated_on).toBeDefined();
});

test('a tunnel is changed by keyboard alone, the confirmation of an interruption included', async ({ page, desk }) => {
  await openEdit(page, desk);
  await tabTo(page, field(page, 'Customer endpoint'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('192.88.99.20');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Valid. Nothing was changed.')).toBeVisible();
  expect((await desk.tunnels())[0]?.customer_endpoint).toBe('192.88.99.10');

  await tabTo(page, saveButton(page));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Save a change that interrupts traffic?' });
  await expect(dialog).toContainText('The tunnel carries no traffic until the router uses the new endpoints.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(saveButton(page)).toBeFocused();
  expect(puts(desk.upstreamRequests).filter((request) => !request.includes('validate_only'))).toEqual([]);

  await page.keyboard.press('Enter');
  await tabTo(page, dialog.getByRole('button', { name: 'Save anyway' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeFocused();
  expect((await desk.tunnels())[0]?.customer_endpoint).toBe('192.88.99.20');
});

test('nothing is sent while nothing has changed', async ({ page, desk }) => {
  await openEdit(page, desk);
  await saveButton(page).click();
  await expect(page.getByText('Nothing was sent: no value has changed.')).toBeVisible();
  expect(puts(desk.upstreamRequests)).toEqual([]);
});

test('what is wrong is said before anything is sent, and the tunnel is no conflict of its own', async ({
  page,
  desk,
}) => {
  await openEdit(page, desk);
  await field(page, 'Name').fill('branch-ams-1 ');
  await expect(page.getByText('already taken')).toHaveCount(0);
  await expect(page.getByText('overlaps')).toHaveCount(0);
  await field(page, 'Interface address').fill('10.0.0.0/24');
  await saveButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Nothing was sent.');
  expect(puts(desk.upstreamRequests)).toEqual([]);
});

test('what is removed is gone: a text, a list and a group', async ({ page, desk }) => {
  await openEdit(page, desk);
  await field(page, 'Description').fill('');
  await field(page, 'Use BGP').click();
  await expect(changeList(page)).toContainText('BGP');
  await expect(changeList(page)).not.toContainText('Customer ASN');
  await saveButton(page).click();
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  const [tunnel] = await desk.tunnels();
  expect(tunnel?.bgp).toBeUndefined();
  expect(tunnel?.description ?? '').toBe('');
});

test.describe('where Cloudflare keeps what an update leaves out', () => {
  test.use({ updates: 'merge' });

  test('the page says what it kept', async ({ page, desk }) => {
    await openEdit(page, desk);
    await field(page, 'Use BGP').click();
    await saveButton(page).click();
    await page.getByRole('button', { name: 'Save anyway' }).click();
    await expect(page.getByText('Cloudflare kept BGP as it was.')).toBeVisible();
    expect((await desk.tunnels())[0]?.bgp?.customer_asn).toBe(65001);
  });
});

test('two people edit one tunnel: a choice per field, both values shown, then it is saved on top', async ({
  page,
  desk,
}) => {
  const { id } = await openEdit(page, desk);
  await field(page, 'Description').fill('mine');
  await field(page, 'Replay protection').click();
  await desk.updateElsewhere(id, { ...TUNNEL, description: 'theirs', health_check: { rate: 'high' } });
  await saveButton(page).click();

  const choices = page.getByRole('alert').filter({ hasText: 'Somebody changed this tunnel since you opened it.' });
  await expect(choices).toBeFocused();
  await expect(choices).toContainText('Nothing was saved.');
  const description = choices.getByRole('group', { name: 'Description' });
  await expect(description.getByRole('radio', { name: 'Yours: mine' })).toBeChecked();
  await expect(description.getByRole('radio', { name: 'Theirs: theirs' })).toBeVisible();
  const rate = choices.getByRole('group', { name: 'Health check rate' });
  await expect(rate.getByRole('radio', { name: 'Theirs: high' })).toBeChecked();
  expect((await desk.tunnels())[0]?.description).toBe('theirs');

  await description.getByRole('radio', { name: 'Theirs: theirs' }).click();
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('theirs');
  await expect(changeList(page)).not.toContainText('Description');
  await description.getByRole('radio', { name: 'Yours: mine' }).click();
  await saveButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  expect((await desk.tunnels())[0]).toMatchObject({
    description: 'mine',
    replay_protection: true,
    health_check: { rate: 'high' },
  });
});

test('somebody deleted the tunnel meanwhile: said, and it can be created again with what was typed', async ({
  page,
  desk,
}) => {
  const { id } = await openEdit(page, desk);
  await field(page, 'Description').fill('mine');
  await desk.deleteElsewhere(id);
  await saveButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Somebody deleted this tunnel. Nothing was saved.');
  await page.getByRole('button', { name: 'Create it again' }).click();
  await expect(page.getByRole('heading', { name: 'Create an IPsec tunnel' })).toBeVisible();
  await expect(field(page, 'Description')).toHaveValue('mine');
});

test('changes survive a reload on top of what somebody else has changed since, and can be dropped', async ({
  page,
  desk,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  const { id } = await openEdit(page, desk);
  await field(page, 'Description').fill('mine');
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill('a key that must not be stored');
  await desk.updateElsewhere(id, { ...TUNNEL, description: 'theirs' });
  await page.reload();
  await expect(page.getByText('Your unsaved changes of before are in this form.')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Yours: mine' })).toBeChecked();
  await expect(field(page, 'Pre-shared key')).toHaveValue('');
  const stored = await browserStorage(page);
  expect(stored).toContain('mine');
  expect(stored).not.toContain('a key that must not be stored');

  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('theirs');
  await expect(changeList(page)).toContainText('Nothing yet.');
});

test('leaving with unsaved changes asks first', async ({ page, desk }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    return dialog.accept();
  });
  await openEdit(page, desk);
  await page.getByRole('link', { name: 'Back to the tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1', exact: true })).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole('link', { name: 'Edit' }).click();
  await field(page, 'Description').fill('mine');
  await page.getByRole('link', { name: 'Back to the tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1', exact: true })).toBeVisible();
  expect(asked).toHaveLength(1);
});

test('a key that was set with an update is on the page once, and in no storage', async ({ page, desk }) => {
  await openEdit(page, desk);
  await page.getByText('Generate one here').click();
  const key = await field(page, 'Pre-shared key').inputValue();
  await expect(changeList(page)).toContainText('replaced by the key of the form');
  await expect(changeList(page)).not.toContainText(key);
  await saveButton(page).click();
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  await page.getByRole('button', { name: 'Reveal pre-shared key' }).click();
  await expect(page.getByRole('textbox', { name: 'Pre-shared key' })).toHaveValue(key);
  expect(await browserStorage(page)).not.toContain(key);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Reveal pre-shared key' })).toHaveCount(0);
});

test.describe('a lost response', () => {
  test('after which the tunnel is as asked: saved', async ({ page, desk }) => {
    await openEdit(page, desk);
    await field(page, 'Description').fill('mine');
    desk.failUpstream({ kind: 'reset', handled: true });
    await saveButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
    expect(puts(desk.upstreamRequests)).toHaveLength(1);
  });

  test('after which nothing has changed: it is safe to save it again', async ({ page, desk }) => {
    await openEdit(page, desk);
    await field(page, 'Description').fill('mine');
    desk.failUpstream({ kind: 'reset', handled: false });
    await saveButton(page).click();
    const summary = page.getByRole('alert');
    await expect(summary).toContainText('Nothing was changed.');
    await expect(summary).toContainText('It is safe to save it again.');
    await expect(field(page, 'Description')).toHaveValue('mine');
    desk.failUpstream(undefined);
    await saveButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  });

  test('that nobody can look into is followed, over a reload too, until it is known', async ({ page, desk }) => {
    page.on('dialog', (dialog) => dialog.accept());
    await openEdit(page, desk);
    await field(page, 'Description').fill('mine');
    desk.failUpstream({ kind: 'reset', handled: true }, { thenReads: true });
    await saveButton(page).click();
    const summary = page.getByRole('alert');
    await expect(summary).toContainText("We don't know whether the tunnel was changed.");
    desk.failUpstream(undefined);
    desk.failLists(false);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
    expect((await desk.tunnels())[0]?.description).toBe('mine');
  });
});

test('an error of Cloudflare lands on its field', async ({ page, desk }) => {
  await openEdit(page, desk);
  await field(page, 'Description').fill('mine');
  desk.failUpstream({
    kind: 'response',
    status: 400,
    body: JSON.stringify({
      success: false,
      errors: [{ code: 1001, message: 'interface_address is reserved for another customer' }],
      messages: [],
      result: null,
    }),
    handled: false,
  });
  await validateButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Nothing was changed.');
  await expect(field(page, 'Interface address')).toHaveAttribute('aria-invalid', 'true');
});
