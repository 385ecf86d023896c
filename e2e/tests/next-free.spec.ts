import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { expect, test } from '../support/desk.ts';
import { field, notesOn, openForm } from '../support/form.ts';
import { GRE_TUNNELS, listNeighbours, listTunnels, REFUSED } from '../support/neighbours.ts';

const ADDRESS = 'Interface address';
const EVERY_31 = Array.from({ length: 128 }, (_, index) => `10.9.0.${2 * index}/31`);

function nextFree(page: Page) {
  return page.getByRole('button', { name: 'Next free interface address' });
}

/** What is announced of the press. */
function said(page: Page, text: string) {
  return page.getByRole('status').filter({ hasText: text });
}

test.beforeEach(({ desk }) => listNeighbours(desk));

test('takes the lowest free /31 of the block used most, and says so', async ({ page, desk }) => {
  listTunnels(desk, ['10.9.0.0/31', '10.9.0.4/31', '172.16.0.0/31']);
  await openForm(page);
  await nextFree(page).click();
  await expect(field(page, ADDRESS)).toHaveValue('10.9.0.2/31');
  await expect(said(page, '10.9.0.2/31 is the lowest free /31 in 10.9.0.0/24.')).toBeVisible();
  await expect(said(page, 'Cloudflare 10.9.0.2')).toContainText('10.9.0.3 your router');
  await expect(page.locator('pre')).toContainText('"interface_address": "10.9.0.2/31"');
  await expect(await notesOn(page, ADDRESS)).toHaveText('');
});

test('is pressed by keyboard, keeps the focus, and says what it replaced until that is changed', async ({
  page,
  desk,
}) => {
  listTunnels(desk, ['10.9.0.0/31']);
  await openForm(page);
  await expect(nextFree(page)).toHaveAttribute('aria-disabled', 'false');
  await field(page, ADDRESS).focus();
  await page.keyboard.type('10.9.0.1/31');
  await expect(await notesOn(page, ADDRESS)).toContainText('overlaps 10.9.0.0/31');
  await page.keyboard.press('Tab');
  await expect(nextFree(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page, ADDRESS)).toHaveValue('10.9.0.2/31');
  await expect(nextFree(page)).toBeFocused();
  await expect(said(page, 'It replaces 10.9.0.1/31.')).toBeVisible();
  await expect(await notesOn(page, ADDRESS)).toHaveText('');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await expect(said(page, 'It replaces')).toHaveCount(0);
});

test('counts the addresses of GRE tunnels and interconnects', async ({ page, desk }) => {
  listTunnels(desk, ['10.8.0.8/31']);
  await openForm(page);
  await nextFree(page).click();
  await expect(field(page, ADDRESS)).toHaveValue('10.8.0.4/31');
});

test('says where GRE tunnels cannot be listed that it goes by those that are known', async ({ page, desk }) => {
  listTunnels(desk, ['10.9.0.0/31', '10.9.0.2/31']);
  desk.respondUpstream(GRE_TUNNELS, REFUSED);
  await openForm(page);
  await nextFree(page).click();
  await expect(said(page, '10.9.0.4/31 is the lowest /31 in 10.9.0.0/24 that no known tunnel has.')).toBeVisible();
});

test.describe('with a pool', () => {
  test.use({ environment: { INTERFACE_ADDRESS_POOL: '10.9.0.0/24' } });

  test('looks there alone', async ({ page, desk }) => {
    listTunnels(desk, ['172.16.0.0/31', '172.16.0.2/31']);
    await openForm(page);
    await nextFree(page).click();
    await expect(field(page, ADDRESS)).toHaveValue('10.9.0.0/31');
  });

  test('says that it is full, and leaves what was typed', async ({ page, desk }) => {
    listTunnels(desk, EVERY_31);
    await openForm(page);
    await field(page, ADDRESS).fill('10.7.0.0/31');
    await nextFree(page).click();
    await expect(said(page, 'No free /31 in 10.9.0.0/24.')).toBeVisible();
    await expect(field(page, ADDRESS)).toHaveValue('10.7.0.0/31');
  });
});

test('is off while the tunnels cannot be listed, says why, and works once they can', async ({ page, desk }) => {
  desk.failLists(true);
  await openForm(page);
  await expect(page.getByText("Next free is off: it needs the list of the account's tunnels")).toBeVisible();
  await expect(nextFree(page)).toHaveAccessibleDescription(/needs the list/);
  await nextFree(page).focus();
  await page.keyboard.press('Enter');
  await expect(field(page, ADDRESS)).toHaveValue('');
  desk.failLists(false);
  await page.getByRole('button', { name: 'List again' }).click();
  await expect(nextFree(page)).toHaveAttribute('aria-disabled', 'false');
  await nextFree(page).click();
  await expect(field(page, ADDRESS)).not.toHaveValue('');
});

test('is off while the tunnels are being listed, and says so to whoever presses it', async ({ page }) => {
  const { promise: isAsked, resolve: goOn } = Promise.withResolvers<void>();
  await page.route('**/magic/gre_tunnels', async (route) => {
    await isAsked;
    await route.continue();
  });
  await openForm(page);
  const reason = page.getByText("Next free is off while the account's tunnels are being listed.");
  await expect(nextFree(page)).toHaveAccessibleDescription(/are being listed/);
  await nextFree(page).press('Enter');
  await expect(said(page, 'are being listed')).toBeVisible();
  await expect(field(page, ADDRESS)).toHaveValue('');
  goOn();
  await expect(reason).toHaveCount(0);
  await nextFree(page).click();
  await expect(field(page, ADDRESS)).toHaveValue('10.0.0.0/31');
});

test.describe('with several accounts', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '' } });

  test('is off until one is chosen', async ({ page }) => {
    await openForm(page);
    await expect(page.getByText('Next free is off until the account is chosen.')).toBeVisible();
    await expect(nextFree(page)).toHaveAttribute('aria-disabled', 'true');
    await field(page, 'Account').selectOption({ index: 1 });
    await nextFree(page).and(page.locator('[aria-disabled="false"]')).click();
    await expect(field(page, ADDRESS)).toHaveValue('10.0.0.0/31');
  });
});

test('the Cloudflare endpoints to choose from are those in use and those configured, most used first', async ({
  page,
  desk,
}) => {
  listTunnels(desk, ['10.9.0.0/31', '10.9.0.2/31'], '192.88.99.1');
  await openForm(page);
  const choices = page.locator('#field-cloudflare_endpoint-choices option');
  await expect
    .poll(() => choices.evaluateAll((options) => options.map((option) => option.getAttribute('value'))))
    .toEqual(['192.88.99.1', '198.51.100.1', '203.0.113.1']);
  await field(page, 'Cloudflare endpoint').fill('192.88.99.1');
  await field(page, 'Cloudflare endpoint').blur();
  await expect(await notesOn(page, 'Cloudflare endpoint')).toHaveText('');
});

test('neither what it says nor that it is off has a violation', async ({ page, desk }) => {
  listTunnels(desk, ['10.9.0.0/31']);
  await openForm(page);
  await field(page, ADDRESS).fill('10.9.0.1/31');
  await nextFree(page).click();
  await expect(said(page, 'It replaces')).toBeVisible();
  await expectNoViolations(page);
  desk.failLists(true);
  await page.reload();
  await expect(page.getByText('Next free is off')).toBeVisible();
  await expectNoViolations(page);
});
