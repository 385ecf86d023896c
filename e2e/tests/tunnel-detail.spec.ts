import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { test as asSomebody } from '../support/signed-in-desk.ts';
import { openEdit, openTunnel, saveButton, TUNNEL, tunnelUrl } from '../support/tunnel-pages.ts';

test('the page shows both ends, the state of key and BGP, and every value with a button that copies it', async ({
  page,
  desk,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const tunnel = await openTunnel(page, desk);
  const ends = page.getByRole('region', { name: 'The two ends' });
  for (const address of ['198.51.100.1', '10.0.0.0/31', '192.88.99.10', '10.0.0.1/31', '65001']) {
    await expect(ends.getByText(address, { exact: true })).toBeVisible();
  }
  await expect(page.getByText('Key set on')).toBeVisible();
  await expect(page.getByText(/BGP/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Copy Tunnel ID' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(tunnel.id);
});

test('the IKE identities are those the tunnel tells, else made of both IDs', async ({ page, desk }) => {
  const tunnel = await openTunnel(page, desk);
  await expect(page.getByText(tunnel.remote_identities?.hex_id ?? '', { exact: true })).toBeVisible();
  await page.route('**/magic/ipsec_tunnels/*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    delete body.result.ipsec_tunnel.remote_identities;
    body.result.ipsec_tunnel.new_field = { of: 'the future' };
    await route.fulfill({ response, json: body });
  });
  await page.reload();
  const identity = `${tunnel.id}.${ACCOUNT.id}.ipsec.cloudflare.com`;
  await expect(page.getByText(identity, { exact: true })).toBeVisible();
  await expect(page.getByText(`ipsec@${identity}`, { exact: true })).toBeVisible();
  await page.getByRole('heading', { name: 'More' }).click();
  await expect(page.getByText('"of": "the future"')).toBeVisible();
});

test('the MD5 key is masked until one asks to see it', async ({ page, desk }) => {
  await openTunnel(page, desk);
  expect(await page.content()).not.toContain(TUNNEL.bgp.md5_key);
  await page.getByRole('button', { name: 'Reveal MD5 key' }).click();
  await expect(page.getByRole('textbox', { name: 'MD5 key' })).toHaveValue(TUNNEL.bgp.md5_key);
});

test('an ID that the account does not have says so', async ({ page }) => {
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/${'0'.repeat(32)}`);
  await expect(page.getByRole('heading', { name: 'No such tunnel' })).toBeFocused();
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/${'0'.repeat(32)}/edit`);
  await expect(page.getByRole('heading', { name: 'No such tunnel' })).toBeFocused();
});

test('a tunnel that cannot be read says so, and can be read again', async ({ page, desk }) => {
  const tunnel = await desk.createElsewhere(TUNNEL);
  desk.failLists(true);
  await page.goto(tunnelUrl(tunnel));
  await expect(page.getByRole('heading', { name: "This tunnel can't be shown" })).toBeVisible();
  desk.failLists(false);
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1' })).toBeVisible();
});

test('another tunnel like this one opens in the form', async ({ page, desk }) => {
  await openTunnel(page, desk);
  await page.getByRole('button', { name: 'Create another like this' }).click();
  await expect(field(page, 'Customer endpoint')).toHaveValue('192.88.99.10');
  await expect(field(page, 'Name')).toHaveValue('');
});

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

for (const width of [360, 768, 1920]) {
  test(`at ${width} px every page and dialog fits`, async ({ page, desk }) => {
    await page.setViewportSize({ width, height: 740 });
    const tunnel = await openTunnel(page, desk, { name: 'a-name-that-somebody-has-made-much-longer-than-they-should' });
    await expectNoSidewaysScrolling(page);
    const widest = await page.evaluate(() =>
      Math.max(...Array.from(document.querySelectorAll('main *'), (each) => each.getBoundingClientRect().width)),
    );
    expect(widest).toBeLessThanOrEqual(1120);
    for (const name of ['Rotate key', 'Delete']) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog').getByRole('button').last()).toBeInViewport();
      await expectNoSidewaysScrolling(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await page.goto(`${tunnelUrl(tunnel)}/edit`);
    await field(page, 'Description').fill('a text');
    await expectNoSidewaysScrolling(page);
    await expect(saveButton(page)).toBeInViewport();
  });
}

test('the page and its dialogs have no violation', async ({ page, desk }) => {
  await openTunnel(page, desk, { psk: undefined });
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Set key' }).click();
  await page.getByText('Generate it in this browser').click();
  await expectNoViolations(page);
  await page.getByText('Use my own').click();
  await page.getByRole('button', { name: 'Set the key' }).click();
  await expectNoViolations(page);
  await page.getByText('Generate it at Cloudflare').click();
  await page.getByRole('button', { name: 'Set the key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Close without it' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(page.getByText('That is not its name.')).toBeVisible();
  await expectNoViolations(page);
  await field(page, 'Name of the tunnel').fill('branch-ams-1');
  await page.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeVisible();
  await expectNoViolations(page);
});

test('the form with changes, a choice and a confirmation has no violation', async ({ page, desk }) => {
  const { id } = await openEdit(page, desk);
  await field(page, 'Description').fill('mine');
  await field(page, 'Customer endpoint').fill('192.88.99.20');
  await expectNoViolations(page);
  await desk.updateElsewhere(id, { ...TUNNEL, description: 'theirs' });
  await saveButton(page).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await expect(page.getByText('Somebody changed this tunnel')).toBeVisible();
  await expectNoViolations(page);
  await saveButton(page).click();
  await page.getByRole('button', { name: 'Save anyway' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  await expectNoViolations(page);
});

asSomebody(
  'a viewer sees why the actions are off, and may validate a change but not save it',
  async ({ page, desk, accessProxy }) => {
    const tunnel = await desk.createElsewhere(TUNNEL);
    await accessProxy.vouchFor(page, ['readers']);
    await page.goto(tunnelUrl(tunnel));
    for (const name of ['Edit', 'Rotate key', 'Delete']) {
      const button = page.getByRole('button', { name, exact: true });
      await expect(button).toHaveAttribute('aria-disabled', 'true');
      await expect(button).toHaveAccessibleDescription(/takes the operator role/);
      await button.click({ force: true });
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.goto(`${tunnelUrl(tunnel)}/edit`);
    await field(page, 'Description').fill('mine');
    await page.getByRole('button', { name: 'Validate only' }).click();
    await expect(page.getByText('Valid. Nothing was changed.')).toBeVisible();
    await expect(saveButton(page)).toHaveAttribute('aria-disabled', 'true');
    await saveButton(page).click({ force: true });
    expect(desk.upstreamRequests.filter((request) => /^PUT (?!.*validate_only)/.test(request))).toEqual([]);
  },
);
