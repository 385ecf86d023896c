import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { allowClipboard, clipboardText, refuseClipboard } from '../support/clipboard.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { field, fillValid, openForm } from '../support/form.ts';

const KEY = 'correct horse battery staple';
const REQUEST = {
  name: 'branch-ams-1',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  health_check: { direction: 'bidirectional' },
};

const copyAs = (page: Page) => page.getByRole('button', { name: 'Copy as' });
const outcome = (page: Page) => page.getByRole('status').filter({ hasText: 'copied.' });

async function copyFormAs(page: Page, format: string): Promise<string> {
  await copyAs(page).click();
  await page.getByRole('menuitem', { name: format }).click();
  await expect(outcome(page)).toBeVisible();
  return clipboardText(page);
}

test('the form is copied before it is sent, in every format and without its key', async ({ page }) => {
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill(KEY);

  const curl = await copyFormAs(page, 'curl');
  expect(curl).toContain(`https://api.cloudflare.com/client/v4/accounts/${ACCOUNT.id}/magic/ipsec_tunnels`);
  expect(curl).toContain('"name": "branch-ams-1"');
  await expect(outcome(page)).toContainText('curl command copied.');
  await expect(outcome(page)).toContainText('It reads the pre-shared key from psk.txt');

  const json = await copyFormAs(page, 'JSON');
  expect(JSON.parse(json)).toEqual(REQUEST);
  await expect(outcome(page)).toContainText('JSON copied.');

  const terraform = await copyFormAs(page, 'Terraform');
  expect(terraform).toContain('resource "cloudflare_magic_wan_ipsec_tunnel" "branch_ams_1" {');
  expect(terraform).toContain('psk                 = var.branch_ams_1_psk');
  expect(terraform).not.toContain('import {');
  for (const text of [curl, json, terraform]) expect(text).not.toContain(KEY);
});

test('a form with issues is copied as it stands, and the page says so', async ({ page }) => {
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page, { 'Interface address': '10.0.0.0/24' });
  expect(JSON.parse(await copyFormAs(page, 'JSON'))).toEqual({ ...REQUEST, interface_address: '10.0.0.0/24' });
  await expect(outcome(page)).toContainText('The form has an issue: Cloudflare would reject this.');
  await field(page, 'Interface address').fill('10.0.0.0/31');
  await copyFormAs(page, 'JSON');
  await expect(outcome(page)).not.toContainText('issue');
});

test('it is copied by keyboard alone', async ({ page }) => {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page);
  await copyAs(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(copyAs(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Terraform' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toContainText('Terraform configuration copied.');
  await expect(copyAs(page)).toBeFocused();
  expect(await clipboardText(page)).toContain('cloudflare_magic_wan_ipsec_tunnel');
  expect(errors).toEqual([]);
});

test('where the browser refuses to copy, the text is shown, selected, for copying by hand', async ({ page }) => {
  await refuseClipboard(page);
  await openForm(page);
  await fillValid(page);
  await copyAs(page).click();
  await page.getByRole('menuitem', { name: 'JSON' }).click();
  const dialog = page.getByRole('dialog', { name: 'JSON' });
  await expect(dialog).toContainText('The browser refused to copy. Copy the text below by hand.');
  const text = dialog.getByRole('textbox', { name: 'JSON' });
  await expect(text).toBeFocused();
  expect(JSON.parse(await text.inputValue())).toEqual(REQUEST);
  expect(await page.evaluate(() => String(window.getSelection()))).toBe(await text.inputValue());
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(copyAs(page)).toBeFocused();
  await expect(outcome(page)).toBeHidden();
});

test('a menu that could not be loaded says so, and can be tried again', async ({ page }) => {
  await allowClipboard(page);
  await openForm(page);
  await page.route('**/assets/copy-as-menu-*.js', (route) => route.abort());
  await copyAs(page).click();
  await expect(page.getByRole('status').filter({ hasText: "The menu can't be loaded just now." })).toBeVisible();
  await page.unrouteAll();
  await copyAs(page).click();
  await expect(page.getByRole('menuitem', { name: 'curl' })).toBeVisible();
});

test('the menu, what was copied, and the text to copy by hand have no violation', async ({ page }) => {
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page, { 'Interface address': '10.0.0.0/24' });
  await copyAs(page).click();
  await expect(page.getByRole('menuitem', { name: 'curl' })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('menuitem', { name: 'curl' }).click();
  await expect(outcome(page)).toBeVisible();
  await expect(page.getByRole('menu')).toBeHidden();
  await expectNoViolations(page);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
  });
  await copyAs(page).click();
  await page.getByRole('menuitem', { name: 'curl' }).click();
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await expectNoViolations(page);
});
