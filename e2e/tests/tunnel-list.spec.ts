import type { Page } from '@playwright/test';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';

const LIST = `/accounts/${ACCOUNT.id}/ipsec-tunnels`;

async function create(desk: Desk, count: number): Promise<void> {
  for (let index = 1; index <= count; index++) {
    const response = await fetch(desk.url + API_PREFIX + ipsecTunnelsPath(ACCOUNT.id), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: `branch-${index}`,
        cloudflare_endpoint: index % 2 === 0 ? '203.0.113.1' : '198.51.100.1',
        interface_address: `10.0.0.${2 * index}/31`,
        ...(index === 1 ? {} : { psk: 'a-key-of-some-length' }),
      }),
    });
    expect(response.ok).toBe(true);
  }
}

const names = (page: Page) => page.getByRole('rowheader');
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search tunnels' });

test('starts with what a tunnel is for where there is none', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(LIST);
  await page.getByRole('link', { name: 'Create your first tunnel' }).click();
  await expect(page).toHaveURL(`${LIST}/new`);
});

test('searches, filters and sorts, and keeps all of it in the URL', async ({ page, desk }) => {
  await create(desk, 11);
  await page.goto(LIST);
  await expect(page.getByText('11 tunnels')).toBeVisible();
  await page.getByRole('button', { name: 'Name' }).click();
  await expect(names(page).first()).toHaveText('branch-11');
  await page.getByRole('combobox', { name: 'Cloudflare endpoint' }).selectOption('198.51.100.1');
  await search(page).fill('branch-1');
  await expect(names(page)).toHaveText(['branch-11', 'branch-1']);
  await expect(page).toHaveURL(`${LIST}?q=branch-1&endpoint=198.51.100.1&sort=-name`);
  await page.reload();
  await expect(names(page)).toHaveText(['branch-11', 'branch-1']);
  await expect(search(page)).toHaveValue('branch-1');
  await page.getByRole('button', { name: 'Key missing' }).click();
  await expect(names(page)).toHaveText(['branch-1']);
  await page.goBack();
  await expect(names(page)).toHaveText(['branch-11', 'branch-1']);
  await search(page).fill('nowhere');
  await page.getByText('No tunnel matches').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await expect(page.getByText('11 tunnels')).toBeVisible();
  await expect(names(page)).toHaveCount(11);
});

test('selects a range and opens a row by keyboard alone', async ({ page, desk }) => {
  await create(desk, 4);
  await page.goto(LIST);
  await page.getByRole('checkbox', { name: 'Select branch-1' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('checkbox', { name: 'Select branch-3' }).focus();
  await page.keyboard.press('Shift+Space');
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Actions for branch-3' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Open' }).waitFor();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Actions for branch-3' })).toBeFocused();
});

test('deletes several, and names what was deleted, what was refused and what is not known', async ({ page, desk }) => {
  await create(desk, 3);
  const tunnels = await desk.tunnels();
  const idOf = (name: string) => tunnels.find((tunnel) => tunnel.name === name)?.id;
  await page.route(`**/ipsec_tunnels/${idOf('branch-1')}`, (route) =>
    route.fulfill({
      status: 400,
      json: {
        success: false,
        errors: [{ code: 1034, message: 'in use by a static route' }],
        messages: [],
        result: null,
      },
    }),
  );
  await page.route(`**/ipsec_tunnels/${idOf('branch-2')}`, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.goto(LIST);
  await page.getByRole('checkbox', { name: 'Select all that match' }).check();
  await page.getByRole('region', { name: 'Selected tunnels' }).getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete 3 tunnels' })).toBeDisabled();
  await expect(dialog).toContainText('static routes through them stop working');
  await dialog.getByLabel('Type 3 to confirm').fill('3');
  await dialog.getByRole('button', { name: 'Delete 3 tunnels' }).click();
  await expect(dialog.getByText('in use by a static route (1034)')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Deleted: 2' })).toContainText('branch-2');
  await expect(dialog.getByRole('region', { name: 'Not deleted: 1' }).last()).toContainText('branch-1');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(names(page)).toHaveText(['branch-1']);
  expect((await desk.tunnels()).map(({ name }) => name)).toEqual(['branch-1']);
});

test('rotates several keys, shows them once and asks before they are lost', async ({ page, desk }) => {
  await create(desk, 2);
  await page.goto(LIST);
  await page.getByRole('checkbox', { name: 'Select all that match' }).check();
  await page.getByRole('button', { name: 'Rotate keys' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type 2 to confirm').fill('2');
  await page.keyboard.press('Enter');
  await dialog.getByRole('heading', { name: '2 new keys' }).waitFor();
  const questions: string[] = [];
  page.on('dialog', (question) => {
    questions.push(question.message());
    void question.dismiss();
  });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeVisible();
  expect(questions[0]).toContain('Nobody can show them again');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download all as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('new-keys.csv');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
});

test('keeps the old list and says so when a refresh fails', async ({ page, desk }) => {
  await create(desk, 1);
  await page.goto(LIST);
  await names(page).first().waitFor();
  desk.failLists(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be refreshed');
  await expect(names(page)).toHaveText(['branch-1']);
});

test('has no accessibility issue, and fits from 360 to 1920 px', async ({ page, desk }) => {
  await create(desk, 3);
  for (const width of [360, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(LIST);
    await page.getByRole('checkbox', { name: 'Select branch-2' }).check();
    await page.getByText('1 selected').waitFor();
    await expectNoViolations(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
