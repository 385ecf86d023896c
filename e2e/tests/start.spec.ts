import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm } from '../support/form.ts';
import { rowOfPixels } from '../support/pixels.ts';

test.describe('in sandbox mode', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '', CLOUDFLARE_ENDPOINTS: '' } });

  test('a banner says that nothing reaches Cloudflare, and a tunnel can be created all the same', async ({ page }) => {
    await openForm(page);
    await expect(page.getByText('Sandbox: nothing here reaches Cloudflare.')).toBeVisible();
    // Said once, and not in the top bar as well.
    await expect(page.getByRole('banner')).not.toContainText(/sandbox|production/i);
    await createButton(page).click();
    await expect(page.getByRole('alert')).toContainText('choose the account the tunnel is for');
    await field(page, 'Account').selectOption({ index: 2 });
    await fillValid(page);
    await createButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    await expect(page.getByText('Sandbox: nothing here reaches Cloudflare.')).toBeVisible();
  });

  test('another account changes the URL, asks nothing, and keeps what was typed, the key included', async ({
    page,
  }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      return dialog.accept();
    });
    await openForm(page);
    await expect(page).toHaveURL('/ipsec-tunnels/new');
    await field(page, 'Name').fill('branch-ams-1');
    await page.getByText('Use my own').click();
    await field(page, 'Pre-shared key').fill('correct horse battery staple');
    const accounts = await field(page, 'Account')
      .locator('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value') ?? ''));
    for (const id of accounts.filter((value) => value !== '')) {
      await field(page, 'Account').selectOption(id);
      await expect(page).toHaveURL(`/accounts/${id}/ipsec-tunnels/new`);
      await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
      await expect(field(page, 'Pre-shared key')).toHaveValue('correct horse battery staple');
    }
    expect(asked).toEqual([]);
  });
});

test('against Cloudflare the top bar says production in color, and the only account is chosen already', async ({
  page,
}) => {
  await openForm(page);
  const production = page.getByRole('banner').getByText('Production', { exact: true });
  await expect(production).toBeVisible();
  const badge = await production.boundingBox();
  const [color = []] = await rowOfPixels(page, {
    x: (badge?.x ?? 0) + 4,
    y: (badge?.y ?? 0) + 10,
    width: 1,
    height: 1,
  });
  expect(Math.max(...color) - Math.min(...color), 'the difference between its channels').toBeGreaterThan(100);
  await expect(page.getByText('Sandbox')).toHaveCount(0);
  await expect(page.getByRole('banner')).toContainText('Acme production');
  // By its end: accounts made one after another begin alike.
  await expect(page.getByRole('banner')).toContainText('…89abcdef');
  await expect(field(page, 'Account')).toHaveValue('0123456789abcdef0123456789abcdef');
});

test('an unknown page says so, and offers the way home', async ({ page }) => {
  await page.goto('/nowhere/to/be/found');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await expect(page).toHaveTitle('Not found · Tunnel Desk');
  await page.getByRole('main').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'IPsec tunnels' })).toBeVisible();
  await expect(page).toHaveTitle('IPsec tunnels · Tunnel Desk');
});

test('an account that is not served has no page', async ({ page }) => {
  await page.goto(`/accounts/${'f'.repeat(32)}/ipsec-tunnels/new`);
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
});

test('/ opens the tunnels of the only account', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL('/accounts/0123456789abcdef0123456789abcdef/ipsec-tunnels');
  await expect(page.getByRole('heading', { level: 1, name: 'IPsec tunnels' })).toBeVisible();
});

for (const path of ['/tunnels/new', '/tunnels/created', '/ipsec-tunnels/new']) {
  test(`${path} redirects to the form of the only account`, async ({ page }) => {
    await page.goto(path);
    await expect(page).toHaveURL('/accounts/0123456789abcdef0123456789abcdef/ipsec-tunnels/new');
    await expect(field(page, 'Name')).toBeVisible();
  });
}

test('a page that cannot reach its server says so, and starts once it can', async ({ page }) => {
  await page.route('**/api/session', (route) => route.abort());
  await page.goto('/tunnels/new');
  await expect(page.getByRole('alert')).toContainText("This page can't reach its server");
  await page.unroute('**/api/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(field(page, 'Name')).toBeVisible();
});

test('the page breaks none of the rules it is served with', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(complaints).toEqual([]);
});
