import type { Locator } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, notesOn, openForm, VALID_VALUES, validateButton } from '../support/form.ts';
import { FILTER_PROFILES, REFUSED } from '../support/neighbours.ts';

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
  await tabTo(field(page, 'Use BGP'));
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

test('validate only creates nothing, says what Cloudflare responded, and goes stale with the next change', async ({
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
  await expect(page.getByText(id, { exact: true })).toBeVisible();
  await expect(page.getByText('10.0.0.0/31', { exact: true })).toBeVisible();
  await expect(page.getByText('10.0.0.1/31', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Set a pre-shared key: without one the tunnel carries no traffic.')).toBeVisible();

  await page.getByRole('button', { name: 'Copy Tunnel ID' }).click();
  await expect(page.getByText('Copied')).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);

  await page.reload();
  await expect(page.getByText(id, { exact: true })).toBeVisible();
});

test('a key generated here can be copied after creating, and is gone with the document', async ({ page, context }) => {
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
  await field(page, 'Use BGP').click();
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

test('another like this with a generated key generates a new one', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  const first = await field(page, 'Pre-shared key').inputValue();
  await createButton(page).click();
  await page.getByRole('button', { name: 'Create another like this' }).click();
  await expect(page.getByRole('radio', { name: 'Generate one here' })).toBeChecked();
  const second = await field(page, 'Pre-shared key').inputValue();
  expect(second).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(second).not.toBe(first);
});

test('a key that nobody took is asked about before the page is left, and is there on the way back', async ({
  page,
}) => {
  const questions: string[] = [];
  let choice: 'accept' | 'dismiss' = 'dismiss';
  page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    return dialog[choice]();
  });
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  const key = await field(page, 'Pre-shared key').inputValue();
  await createButton(page).click();
  const heading = page.getByRole('heading', { name: 'branch-ams-1 was created' });
  await expect(heading).toBeVisible();

  await page.getByRole('link', { name: 'Tunnel Desk' }).click();
  await expect(heading).toBeVisible();
  expect(questions).toEqual([expect.stringContaining('neither copied nor revealed the pre-shared key')]);
  choice = 'accept';
  await page.getByRole('link', { name: 'Tunnel Desk' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'IPsec tunnels' })).toBeVisible();
  await page.goBack();
  await expect(heading).toBeVisible();
  await page.getByRole('button', { name: 'Reveal pre-shared key' }).click();
  await expect(page.getByLabel('Pre-shared key', { exact: true })).toHaveValue(key);

  questions.length = 0;
  await page.getByRole('link', { name: 'Tunnel Desk' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'IPsec tunnels' })).toBeVisible();
  expect(questions).toEqual([]);
});

test('a key can be read where the browser refuses to copy it', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  });
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  const key = await field(page, 'Pre-shared key').inputValue();
  await createButton(page).click();
  await page.getByRole('button', { name: 'Copy pre-shared key' }).click();
  await expect(page.getByText('The browser refused to copy')).toBeVisible();
  await page.getByRole('button', { name: 'Reveal pre-shared key' }).click();
  await expect(page.getByLabel('Pre-shared key', { exact: true })).toHaveValue(key);
});

test('a tunnel has an address that can be shared, also with whoever did not create it', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await expect(page).toHaveTitle('branch-ams-1 · Tunnel Desk');
  const [tunnel] = await desk.tunnels();
  await expect(page).toHaveURL(`/accounts/0123456789abcdef0123456789abcdef/ipsec-tunnels/${tunnel?.id}`);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { name: 'branch-ams-1', exact: true })).toBeVisible();
  await other.goto(`/accounts/0123456789abcdef0123456789abcdef/ipsec-tunnels/${'0'.repeat(32)}`);
  await expect(other.getByRole('heading', { name: 'No such tunnel' })).toBeVisible();
});

test('a name in use looks like an error as it is typed, and does not block', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await page.getByRole('button', { name: 'Create a different one' }).click();
  await field(page, 'Name').fill('branch-ams-1');
  await expect(await notesOn(page, 'Name')).toContainText('already has a tunnel named branch-ams-1');
  await expect(field(page, 'Name')).toHaveAttribute('aria-invalid', 'false');
  expect(await desk.tunnels()).toHaveLength(1);
});

test('what a server said of a field goes from the summary too once the field has changed', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page);
  desk.failUpstream({
    kind: 'response',
    status: 400,
    body: JSON.stringify({
      success: false,
      errors: [{ code: 1001, message: 'this name is reserved', source: { pointer: '/name' } }],
      messages: [],
      result: null,
    }),
    handled: false,
  });
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('this name is reserved');
  await field(page, 'Name').fill('branch-ams-2');
  await expect(summary).not.toContainText('this name is reserved');
});

test('nothing can be changed while a create is under way, and the button says how long it has been', async ({
  page,
}) => {
  const release = Promise.withResolvers<void>();
  await page.clock.install();
  await page.route('**/magic/ipsec_tunnels', async (route) => {
    if (route.request().method() === 'POST') await release.promise;
    await route.continue();
  });
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('button', { name: 'Creating…' })).toBeVisible();
  await expect(field(page, 'Description')).not.toBeEditable();
  await field(page, 'Replay protection').click({ force: true });
  await expect(field(page, 'Replay protection')).not.toBeChecked();
  await page.clock.fastForward(5000);
  await expect(page.getByRole('button', { name: /Creating… [5-9] s/ })).toBeVisible();
  release.resolve();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
});

/** Each field under its label: what is typed, and where it arrives in what the server is sent. */
const EVERY_FIELD = [
  ['Name', 'branch-ams-1', ['name'], 'branch-ams-1'],
  ['Description', 'to Amsterdam', ['description'], 'to Amsterdam'],
  ['Cloudflare endpoint', '198.51.100.1', ['cloudflare_endpoint'], '198.51.100.1'],
  ['Customer endpoint', '192.88.99.10', ['customer_endpoint'], '192.88.99.10'],
  ['Interface address', '10.0.0.0/31', ['interface_address'], '10.0.0.0/31'],
  ['IPv6 interface address', '2001:db8::2/127', ['interface_address6'], '2001:db8::2/127'],
  ['Pre-shared key', 'correct horse battery staple', ['psk'], 'correct horse battery staple'],
  ['Replay protection', true, ['replay_protection'], true],
  [
    'Custom IKE identity',
    'ams-1',
    ['custom_remote_identities', 'fqdn_id'],
    'ams-1.0123456789abcdef0123456789abcdef.custom.ipsec.cloudflare.com',
  ],
  ['Run health checks', false, ['health_check', 'enabled'], false],
  ['Health check rate', 'high', ['health_check', 'rate'], 'high'],
  ['Health check type', 'request', ['health_check', 'type'], 'request'],
  ['Health check direction', 'unidirectional', ['health_check', 'direction'], 'unidirectional'],
  ['Health check target', '192.88.99.11', ['health_check', 'target'], '192.88.99.11'],
  ['Use BGP', true, ['bgp', 'customer_asn'], 65001],
  ['Customer ASN', '65001', ['bgp', 'customer_asn'], 65001],
  ['MD5 key', 'guard', ['bgp', 'md5_key'], 'guard'],
  ['Extra prefixes', '10.1.0.0/16, 10.2.0.0/16', ['bgp', 'extra_prefixes'], ['10.1.0.0/16', '10.2.0.0/16']],
  ['Import filter profile', 'a'.repeat(32), ['bgp', 'import_filter_id'], 'a'.repeat(32)],
  ['Export filter profile', 'b'.repeat(32), ['bgp', 'export_filter_id'], 'b'.repeat(32)],
  ['Automatic return routing', true, ['automatic_return_routing'], true],
] as const;

test('every field of the form arrives at the server', async ({ page, desk }) => {
  // Where profiles cannot be listed, their IDs are typed.
  desk.respondUpstream(FILTER_PROFILES, REFUSED);
  await openForm(page);
  await page.getByText('Use my own').click();
  await page.getByRole('heading', { name: 'Health check' }).click();
  await page.getByRole('heading', { name: 'Advanced' }).click();
  for (const [label, value] of EVERY_FIELD) {
    const control = field(page, label);
    if (typeof value === 'boolean') await control.setChecked(value);
    else if ((await control.evaluate((element) => element.tagName)) === 'SELECT') await control.selectOption(value);
    else await control.fill(value);
  }
  const labels = await page.locator('form label').allTextContents();
  const request = page.waitForRequest((each) => each.method() === 'POST');
  await createButton(page).click();
  const body: unknown = (await request).postDataJSON();
  for (const [label, , path, sent] of EVERY_FIELD) {
    const found = path.reduce<unknown>((rest, key) => Object(rest)[key], body);
    expect(found, label).toEqual(sent);
  }
  expect(new Set(labels.filter((label) => !UNSENT_LABELS.has(label)))).toEqual(
    new Set(EVERY_FIELD.map(([label]) => label)),
  );
});

const UNSENT_LABELS = new Set([
  ...['Account', 'Device', 'Two tunnels'],
  ...['Add later', 'Use my own', 'Generate one here'],
]);

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
  await expect(page.locator('pre')).toContainText('psk');
  const shown: unknown = JSON.parse((await page.locator('pre').textContent()) ?? '');
  expect(shown).toEqual({
    name: 'branch-ams-1',
    description: 'to Amsterdam',
    cloudflare_endpoint: '198.51.100.1',
    customer_endpoint: '192.88.99.10',
    interface_address: '10.0.0.0/31',
    psk: '••••••••',
    health_check: { direction: 'bidirectional' },
  });
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await createButton(page).click();
  expect((await sent).postDataJSON()).toEqual({ ...(shown as object), psk: 'correct horse battery staple' });
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);
});
