import type { Locator } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, notesOn, openForm, VALID_VALUES, validateButton } from '../support/form.ts';

test('the whole job is done by keyboard alone', async ({ page, desk }) => {
  await openForm(page);
  const tabTo = async (control: Locator) => {
    for (let presses = 0; presses < 40; presses++) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${control}`);
  };
  for (const [label, value] of Object.entries(VALID_VALUES)) {
    await tabTo(field(page, label));
    await page.keyboard.type(value);
  }
  await tabTo(page.getByRole('radio', { name: 'Add later' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Generate one here' })).toBeChecked();
  await tabTo(field(page, 'Replay protection'));
  await page.keyboard.press('Space');
  await tabTo(field(page, 'Custom IKE identity'));
  await page.keyboard.type('ams-1');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await tabTo(field(page, 'Health check rate'));
  await page.keyboard.type('High');
  await tabTo(field(page, 'BGP'));
  await page.keyboard.press('Space');
  await tabTo(field(page, 'Customer ASN'));
  await page.keyboard.type('65001');
  await tabTo(field(page, 'Extra prefixes'));
  await page.keyboard.type('10.1.0.0/16, 10.2.0.0/16');

  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
  expect(await desk.tunnels()).toEqual([]);

  await tabTo(createButton(page));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeFocused();
  const [tunnel] = await desk.tunnels();
  expect(tunnel).toMatchObject({
    name: 'branch-ams-1',
    replay_protection: true,
    custom_remote_identities: { fqdn_id: 'ams-1.0123456789abcdef0123456789abcdef.custom.ipsec.cloudflare.com' },
    health_check: { rate: 'high' },
    bgp: { customer_asn: 65001, extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] },
  });
});

test('validate only creates nothing, says what Cloudflare answered, and goes stale with the next change', async ({
  page,
  desk,
}) => {
  await openForm(page);
  await fillValid(page);
  await validateButton(page).click();
  const result = page.getByRole('status').filter({ hasText: 'Valid. Nothing was created.' });
  await expect(result).toContainText('Validated by the sandbox; not persisted.');
  await expect(result).toContainText(/\d\d:\d\d:\d\d/);
  await expect(page.getByText('Changed since')).toHaveCount(0);
  expect(await desk.tunnels()).toEqual([]);
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([
    expect.stringContaining('?validate_only=true'),
  ]);

  await field(page, 'Name').blur();
  await expect(page.getByText('Changed since')).toHaveCount(0);
  await field(page, 'Description').fill('x');
  await expect(page.getByText('Changed since it was validated: validate again.')).toBeVisible();
  await expect(result).toHaveCount(0);
});

test('the created page shows the tunnel, both sides of its link and the next steps', async ({
  page,
  desk,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  const [tunnel] = await desk.tunnels();
  const id = tunnel?.id ?? '';
  await expect(page.getByText(id)).toBeVisible();
  await expect(page.getByText('10.0.0.0/31', { exact: true })).toBeVisible();
  await expect(page.getByText('10.0.0.1/31', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Set a pre-shared key: without one the tunnel carries no traffic.')).toBeVisible();

  await page.getByRole('button', { name: 'Copy Tunnel ID' }).click();
  await expect(page.getByText('Copied')).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);

  await page.reload();
  await expect(page.getByText(id)).toBeVisible();
});

test('a key generated here can be copied once more after creating, and is gone with the page', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  const key = await field(page, 'Pre-shared key').inputValue();
  expect(key).toMatch(/^[A-Za-z0-9]{40}$/);
  await expect(page.locator('pre')).not.toContainText(key);
  await createButton(page).click();
  await page.getByRole('button', { name: 'Copy pre-shared key' }).click();
  await expect(page.getByText('Copied')).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);

  await page.reload();
  await expect(page.getByText('Put the pre-shared key on your router.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy pre-shared key' })).toHaveCount(0);
});

test('the key is masked until one asks to see it', async ({ page }) => {
  await openForm(page);
  await page.getByText('Use my own').click();
  const key = field(page, 'Pre-shared key');
  await key.fill('correct horse battery staple');
  await expect(key).toHaveCSS('-webkit-text-security', 'disc');
  await page.getByRole('button', { name: 'Reveal' }).click();
  await expect(key).toHaveCSS('-webkit-text-security', 'none');
  await page.getByRole('button', { name: 'Hide' }).click();
  await expect(key).toHaveCSS('-webkit-text-security', 'disc');
});

test('another like this keeps everything but the name, the interface addresses and the key', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill('correct horse battery staple');
  await field(page, 'BGP').click();
  await field(page, 'Customer ASN').fill('65001');
  await createButton(page).click();
  await page.getByRole('button', { name: 'Create another like this' }).click();
  await expect(field(page, 'Name')).toHaveValue('');
  await expect(field(page, 'Interface address')).toHaveValue('');
  await expect(page.getByRole('radio', { name: 'Add later' })).toBeChecked();
  await expect(page.getByRole('heading', { name: 'Create an IPsec tunnel' })).toBeFocused();
  await expect(field(page, 'Cloudflare endpoint')).toHaveValue('198.51.100.1');
  await expect(field(page, 'Customer ASN')).toHaveValue('65001');
});

test('a name that is taken is refused on its field, and nothing else is lost', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await page.getByRole('button', { name: 'Create a different one' }).click();
  await fillValid(page, { 'Interface address': '10.0.0.2/31' });
  await createButton(page).click();

  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Nothing was created.');
  await expect(summary).toBeFocused();
  await expect(await notesOn(page, 'Name')).toContainText('The name branch-ams-1 is already taken in this account.');
  await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'true');
  await summary.getByRole('button', { name: 'Name' }).click();
  await expect(field(page, 'Name')).toBeFocused();
  await expect(field(page, 'Interface address')).toHaveValue('10.0.0.2/31');
  expect(await desk.tunnels()).toHaveLength(1);

  await field(page, 'Name').fill('branch-ams-2');
  await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'false');
});

test('a double click creates one tunnel with one request', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'delay', ms: 300 });
  await openForm(page);
  await fillValid(page);
  await createButton(page).dblclick();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  expect(await desk.tunnels()).toHaveLength(1);
});

test('the buttons say what is running, are off meanwhile, and keep the focus', async ({ page }) => {
  const release = Promise.withResolvers<void>();
  await page.route('**/magic/ipsec_tunnels?*', async (route) => {
    await release.promise;
    await route.continue();
  });
  await openForm(page);
  await fillValid(page);
  await validateButton(page).click();
  await expect(page.getByRole('button', { name: 'Validating…' })).toBeDisabled();
  await expect(createButton(page)).toBeDisabled();
  release.resolve();
  await expect(validateButton(page)).toBeEnabled();
  await expect(validateButton(page)).toBeFocused();
});

test('every source of a key keeps its own while one compares them', async ({ page }) => {
  await openForm(page);
  await page.getByText('Generate one here').click();
  const generated = await field(page, 'Pre-shared key').inputValue();
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill('correct horse battery staple');
  await page.getByText('Generate one here').click();
  await expect(field(page, 'Pre-shared key')).toHaveValue(generated);
  await page.getByText('Use my own').click();
  await expect(field(page, 'Pre-shared key')).toHaveValue('correct horse battery staple');
  await page.getByText('Add later').click();
  await expect(page.locator('pre')).not.toContainText('psk');
});

test('pressing a button with errors sends nothing and moves the focus to a summary that links to the fields', async ({
  page,
  desk,
}) => {
  await openForm(page);
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  await expect(summary).toContainText('3 things need your attention. Nothing was sent.');
  await summary.getByRole('button', { name: 'Interface address' }).click();
  await expect(field(page, 'Interface address')).toBeFocused();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([]);
});

test('a link of the summary unfolds the card its field is in', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await page.getByRole('heading', { name: 'Health check' }).click();
  await field(page, 'Health check direction').selectOption('Unidirectional');
  await field(page, 'Health check target').fill('nowhere');
  await page.getByRole('heading', { name: 'Health check' }).click();
  await expect(field(page, 'Health check target')).toBeHidden();
  await validateButton(page).click();
  await page.getByRole('alert').getByRole('button', { name: 'Health check target' }).click();
  await expect(field(page, 'Health check target')).toBeFocused();
});

test('what is sent is what the panel shows', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page, { Description: 'to Amsterdam' });
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill('correct horse battery staple');
  const shown: unknown = JSON.parse((await page.locator('pre').textContent()) ?? '');
  expect(shown).toEqual({
    name: 'branch-ams-1',
    description: 'to Amsterdam',
    cloudflare_endpoint: '198.51.100.1',
    customer_endpoint: '192.88.99.10',
    interface_address: '10.0.0.0/31',
    psk: '••••••••',
  });
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await createButton(page).click();
  expect((await sent).postDataJSON()).toEqual({ ...(shown as object), psk: 'correct horse battery staple' });
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);
});
