// The list of an account without a tunnel, with one, with 10,000, and of one account among several.

import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { OTHER_ACCOUNT } from '../support/signed-in-desk.ts';
import { TUNNEL } from '../support/tunnel-pages.ts';

const listOf = ({ id }: { readonly id: string }) => `/accounts/${id}/ipsec-tunnels`;
const names = (page: Page) => page.getByRole('rowheader');
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search tunnels' });

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  for (const width of [360, 480, 640, 767, 768, 1024, 1280, 1600, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${width} px`).toBeLessThanOrEqual(
      width,
    );
  }
}

test('no tunnel is nothing to search, filter or export', async ({ page }) => {
  await page.goto(listOf(ACCOUNT));
  await expect(page.getByRole('heading', { name: 'This account has no IPsec tunnels yet' })).toBeVisible();
  await expect(search(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Export' })).toHaveCount(0);
  await expect(page.getByRole('table')).toHaveCount(0);
  await expectNoSidewaysScrolling(page);
  await expectNoViolations(page);
});

test('one tunnel is one row', async ({ page, desk }) => {
  await desk.createElsewhere(TUNNEL);
  await page.goto(listOf(ACCOUNT));
  await expect(page.getByText('1 tunnel', { exact: true })).toBeVisible();
  await expect(names(page)).toHaveText([TUNNEL.name]);
  await page.getByRole('checkbox', { name: 'Select all that match' }).check();
  await expect(page.getByText('1 selected')).toBeVisible();
  await expectNoSidewaysScrolling(page);
});

test.describe('10,000 tunnels', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', SANDBOX_TUNNELS: '10000' } });

  test('are scrolled, searched and sorted', async ({ page }) => {
    await page.goto(listOf(ACCOUNT));
    await expect(page.getByText('10,000 tunnels')).toBeVisible();
    await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', '10001');
    const first = (await names(page).first().textContent()) ?? '';
    expect(await names(page).count()).toBeLessThan(100);

    // The health, whose note takes room above the list.
    await page.getByRole('link', { name: /down$/ }).waitFor();
    const list = page.getByRole('region', { name: 'Tunnels', exact: true });
    await list.focus();
    // What is read after the list may still move it: then one presses the key again, as a person does.
    await expect(async () => {
      await page.keyboard.press('End');
      await expect(page.locator('tr[aria-rowindex="10001"]')).toBeInViewport({ timeout: 2_000 });
    }).toPass();
    const last = (await page.locator('tr[aria-rowindex="10001"]').getByRole('rowheader').textContent()) ?? '';
    expect(await names(page).count()).toBeLessThan(100);

    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await list.focus();
    await page.keyboard.press('Home');
    await expect(names(page).first()).toHaveText(last);

    await search(page).fill(first);
    await expect(names(page)).toHaveText([first]);
    await search(page).fill('');
    await page.getByRole('checkbox', { name: 'Select all that match' }).check();
    await expect(page.getByText('10000 selected')).toBeVisible();
  });

  test('scroll with the page where the window is narrow', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(listOf(ACCOUNT));
    const cards = page.getByRole('list', { name: 'Tunnels' }).getByRole('listitem');
    await cards.first().waitFor();
    expect(await cards.count()).toBeLessThan(100);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect(page.locator('li[aria-posinset="10000"]')).toBeInViewport();
    expect(await cards.count()).toBeLessThan(100);
  });
});

test.describe('with two accounts', () => {
  test.use({
    environment: {
      CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label},${OTHER_ACCOUNT.id}=${OTHER_ACCOUNT.label}`,
    },
  });

  test('the start page asks for one, and later opens the one used last', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
    await expectNoSidewaysScrolling(page);
    await expectNoViolations(page);
    await page.getByRole('main').getByRole('link', { name: OTHER_ACCOUNT.label }).click();
    await expect(page).toHaveURL(listOf(OTHER_ACCOUNT));
    await page.goto('/');
    await expect(page).toHaveURL(listOf(OTHER_ACCOUNT));
    await page.goto(listOf(ACCOUNT));
    await page.getByRole('heading', { name: 'IPsec tunnels', exact: true }).waitFor();
    await page.goto('/');
    await expect(page).toHaveURL(listOf(ACCOUNT));
  });
});
