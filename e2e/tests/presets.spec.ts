import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { expect, test } from '../support/desk.ts';
import { field, fillValid, notesOn, openForm } from '../support/form.ts';

/** What is announced of a choice. */
function said(page: Page, text: string) {
  return page.getByRole('status').filter({ hasText: text });
}

test('a guide is followed by keyboard, says in words what it set and what to enter, and is undone', async ({
  page,
}) => {
  await openForm(page);
  await page.getByRole('heading', { name: 'Health check' }).click();
  await field(page, 'Device').focus();
  await page.keyboard.type('Cisco Meraki');
  await expect(
    said(
      page,
      "Set from Cloudflare's guide for Cisco Meraki MX (static routing): replay protection on, health check rate low, health check type request, health check direction bidirectional, automatic return routing on.",
    ),
  ).toBeVisible();
  await expect(field(page, 'Device')).toBeFocused();
  await expect(field(page, 'Replay protection')).toBeChecked();
  await expect(field(page, 'Health check rate')).toHaveValue('low');
  await expect(await notesOn(page, 'Replay protection')).toHaveText('');
  await expect(page.getByText('Automatic return routing needs Unified Routing')).toBeVisible();
  await page.getByRole('listitem').getByRole('button', { name: 'Health check target' }).press('Enter');
  await expect(field(page, 'Health check target')).toBeFocused();

  await page.getByRole('button', { name: 'Undo what the guide set' }).press('Enter');
  await expect(field(page, 'Device')).toHaveValue('');
  await expect(field(page, 'Replay protection')).not.toBeChecked();
  await expect(field(page, 'Health check rate')).toHaveValue('mid');
  await expect(page.locator('pre')).not.toContainText('automatic_return_routing');
});

test('what somebody has chosen is not replaced without saying so, and comes back', async ({ page }) => {
  await openForm(page);
  await page.getByRole('heading', { name: 'Health check' }).click();
  await field(page, 'Health check type').selectOption('request');
  await field(page, 'Health check rate').selectOption('high');
  await field(page, 'Device').selectOption('Azure VPN Gateway');
  await expect(said(page, 'It replaces health check rate high, health check type request.')).toBeVisible();
  await field(page, 'Health check rate').selectOption('low');
  await page.getByRole('button', { name: 'Undo what the guide set' }).click();
  await expect(field(page, 'Health check type')).toHaveValue('request');
  await expect(field(page, 'Health check rate')).toHaveValue('low');
});

test('another device takes the place of the first', async ({ page }) => {
  await openForm(page);
  await field(page, 'Device').selectOption('Cisco Meraki MX');
  await expect(field(page, 'Replay protection')).toBeChecked();
  await field(page, 'Device').selectOption('Fortinet FortiGate');
  await expect(said(page, "Set from Cloudflare's guide for Fortinet")).toBeVisible();
  await expect(field(page, 'Replay protection')).not.toBeChecked();
  await expect(page.locator('pre')).not.toContainText('automatic_return_routing');
  await expect(page.locator('pre')).toContainText('"type": "request"');
});

test('Azure: the target is the customer endpoint, Cloudflare has the upper address, and a pair has one endpoint and key', async ({
  page,
}) => {
  await openForm(page);
  await field(page, 'Device').selectOption('Azure VPN Gateway');
  await fillValid(page);
  await expect(page.locator('pre')).toContainText('"target": "192.88.99.10"');
  const notes = await notesOn(page, 'Interface address');
  await expect(notes).toContainText('Azure takes only the lower address of a /31');
  await expect(notes.getByRole('button')).toHaveCount(0);
  await field(page, 'Interface address').fill('10.0.0.1/31');

  await field(page, 'Two tunnels').click();
  await expect(field(page, 'Second customer endpoint')).not.toHaveAttribute('placeholder', /\d/);
  await expect(field(page, 'Second Cloudflare endpoint')).toHaveValue('198.51.100.1');
  await expect(field(page, 'One pre-shared key for both')).toBeChecked();
  await expect(page.getByText('the same Cloudflare endpoint and the same key twice')).toBeVisible();
  await page.getByRole('button', { name: 'Next free second interface address' }).click();
  await expect(field(page, 'Second interface address')).toHaveValue('10.0.0.3/31');
  const secondEndpoint = await notesOn(page, 'Second Cloudflare endpoint');
  await expect(secondEndpoint).toContainText('Both tunnels have the same two endpoints');
  await field(page, 'Second customer endpoint').fill('192.88.99.11');
  await expect(secondEndpoint).toHaveText('');
  await expect(page.locator('pre').last()).toContainText('"target": "192.88.99.11"');
  await field(page, 'Cloudflare endpoint').fill('203.0.113.1');
  await expect(field(page, 'Second Cloudflare endpoint')).toHaveValue('203.0.113.1');

  await page.getByRole('button', { name: 'Undo what the guide set' }).click();
  await expect(field(page, 'Second Cloudflare endpoint')).toHaveValue('198.51.100.1');
  await expect(page.locator('pre').first()).not.toContainText('target');
});

test('VeloCloud: both tunnels have one key and one identity on two endpoints', async ({ page }) => {
  await openForm(page);
  await field(page, 'Device').selectOption('VeloCloud');
  await fillValid(page, { 'Custom IKE identity': 'edge-3' });
  await field(page, 'Two tunnels').click();
  await expect(field(page, 'Second Cloudflare endpoint')).toHaveValue('203.0.113.1');
  await expect(field(page, 'One pre-shared key for both')).toBeChecked();
  await expect(field(page, 'One custom IKE identity for both')).toBeChecked();
  await expect(await notesOn(page, 'One custom IKE identity for both')).toHaveText('');
});

test('AWS: the desk says that its rules allow no address that AWS takes, and sets none', async ({ page }) => {
  await openForm(page);
  await field(page, 'Device').selectOption('AWS Transit Gateway');
  await expect(page.getByRole('listitem').filter({ hasText: 'AWS takes a /30' })).toContainText(
    'INTERFACE_ADDRESS_RULES=guide',
  );
  await expect(field(page, 'Interface address')).toHaveValue('');
});

test.describe("under the guide's rules", () => {
  test.use({ environment: { INTERFACE_ADDRESS_RULES: 'guide' } });

  test("AWS: the second usable address of the /30 is Cloudflare's", async ({ page }) => {
    await openForm(page);
    await field(page, 'Device').selectOption('AWS Transit Gateway');
    await expect(page.getByRole('listitem').filter({ hasText: 'AWS takes a /30' })).not.toContainText('RULES');
    await field(page, 'Interface address').fill('169.254.244.1/30');
    const notes = await notesOn(page, 'Interface address');
    await expect(notes).toContainText("is AWS's");
    await expect(notes.getByRole('button')).toHaveCount(0);
    await field(page, 'Interface address').fill('169.254.244.2/30');
    await expect(notes).not.toContainText("is AWS's");
  });
});

test('the device stays over a reload, and what it set can still be undone', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await field(page, 'Device').selectOption('pfSense');
  await expect(field(page, 'Replay protection')).toBeChecked();
  await page.reload();
  await expect(said(page, "Set from Cloudflare's guide for pfSense")).toBeVisible();
  await page.getByRole('button', { name: 'Undo what the guide set' }).click();
  await expect(field(page, 'Replay protection')).not.toBeChecked();
});

test('guides that cannot be loaded say so, nothing is set, and they can be tried again', async ({ page }) => {
  const guides = '**/assets/device-guide-*.js';
  await page.route(guides, (route) => route.abort());
  await openForm(page);
  await field(page, 'Device').selectOption('pfSense');
  await expect(said(page, "The guides can't be loaded just now.")).toBeVisible();
  await expect(field(page, 'Device')).toHaveValue('');
  await expect(field(page, 'Replay protection')).not.toBeChecked();
  await page.unroute(guides);
  await field(page, 'Device').selectOption('pfSense');
  await expect(said(page, "Set from Cloudflare's guide for pfSense")).toBeVisible();
  await expect(field(page, 'Replay protection')).toBeChecked();
});

test('has no violation, and at 360 px nothing is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openForm(page);
  await field(page, 'Device').selectOption('AWS Transit Gateway');
  await expect(page.getByText('For you to enter:')).toBeVisible();
  await expectNoViolations(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});
