// The frame of every page: where one is, the way to the other pages and accounts, and room for all of it.

import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm } from '../support/form.ts';
import { OTHER_ACCOUNT, test as signedInTest } from '../support/signed-in-desk.ts';

const TWO_ACCOUNTS = {
  CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label},${OTHER_ACCOUNT.id}=${OTHER_ACCOUNT.label}`,
};
/** Longer than any bar has room for. */
const LONG_LABEL = 'Acme production with all of Europe and the Middle East and Africa';

function link(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
}

function switcher(page: Page): Locator {
  return page.getByRole('banner').locator('button[popovertarget]');
}

/** Chooses an account by keyboard alone. */
async function switchTo(page: Page, label: string): Promise<void> {
  await switcher(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Accounts' })).toBeVisible();
  for (let presses = 0; presses < 5; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent ?? '')).startsWith(label)) break;
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Accounts' })).toBeHidden();
}

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const [content = 0, window = 0] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window);
}

test('the navigation says where one is, also on a page below it', async ({ page }) => {
  await openForm(page);
  await expect(link(page, 'Tunnels')).toHaveAttribute('aria-current', 'true');
  await expect(link(page, 'Activity')).not.toHaveAttribute('aria-current');
  await link(page, 'Activity').click();
  await expect(page).toHaveURL('/activity');
  await expect(link(page, 'Activity')).toHaveAttribute('aria-current', 'page');
  await expect(link(page, 'Tunnels')).not.toHaveAttribute('aria-current');
  await link(page, 'Tunnels').click();
  await expect(page).toHaveURL(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await expect(link(page, 'Tunnels')).toHaveAttribute('aria-current', 'page');
});

test('the first stop of the Tab key leads past the bar, and leaves the history alone', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeFocused();
  const url = page.url();
  await page.getByRole('link', { name: 'Skip to content' }).focus();
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  // What was created just now is in the state of the history entry.
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await expect(page).toHaveURL(url);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').locator(':focus')).toHaveCount(1);
});

test('the skip link is the first thing that Tab reaches', async ({ page }) => {
  await openForm(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
});

test('with one account there is nothing to switch, on every page', async ({ page }) => {
  await openForm(page);
  await expect(switcher(page)).toHaveCount(0);
  await page.goto('/activity');
  await expect(page.getByRole('banner')).toContainText(ACCOUNT.label);
  await expect(switcher(page)).toHaveCount(0);
});

test.describe('with two accounts', () => {
  test.use({ environment: TWO_ACCOUNTS });

  test('the form stays for another account, with what was typed, and asks nothing', async ({ page }) => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      return dialog.accept();
    });
    await openForm(page);
    await expect(switcher(page)).toHaveText('Accounts');
    await fillValid(page);
    for (const { id, label } of [OTHER_ACCOUNT, ACCOUNT]) {
      await switchTo(page, label);
      await expect(page).toHaveURL(`/accounts/${id}/ipsec-tunnels/new`);
      await expect(switcher(page)).toContainText(label);
      await expect(field(page, 'Account')).toHaveValue(id);
      await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
    }
    await expect(switcher(page)).toContainText('…89abcdef');
    expect(asked).toEqual([]);
  });

  test("from a tunnel's page, and from a list, one goes to the other account's list", async ({ page }) => {
    await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
    await fillValid(page);
    await createButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    await switchTo(page, OTHER_ACCOUNT.label);
    await expect(page).toHaveURL(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels`);
    await switchTo(page, ACCOUNT.label);
    await expect(page).toHaveURL(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  });

  test('the list of accounts says which one is in use, and Escape closes it', async ({ page }) => {
    await page.goto(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels/new`);
    await switcher(page).press('Enter');
    const accounts = page.getByRole('list', { name: 'Accounts' });
    await expect(accounts.locator('[aria-current="true"]')).toHaveText(/^Acme lab/);
    await page.keyboard.press('Escape');
    await expect(accounts).toBeHidden();
    await expect(switcher(page)).toBeFocused();
  });

  test('Tunnels leads back to the account in use last', async ({ page }) => {
    await page.goto(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels/new`);
    await link(page, 'Activity').click();
    await expect(switcher(page)).toHaveText('Accounts');
    await link(page, 'Tunnels').click();
    await expect(page).toHaveURL(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels`);
  });
});

test('a page that is not there leads to the tunnels', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('main').getByRole('link', { name: 'Go to the tunnels' })).toHaveAttribute('href', '/');
});

test.describe('on a wide window', () => {
  test.use({ viewport: { width: 1920, height: 1000 } });

  test('what one reads stops at 1,120 px, and a table does not', async ({ page }) => {
    await openForm(page);
    const width = () =>
      page.getByRole('main').evaluate((main) => {
        const { paddingLeft, paddingRight } = getComputedStyle(main);
        return main.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      });
    expect(await width()).toBe(1120);
    // What the component for such a page renders.
    await page.getByRole('main').evaluate((main) => {
      main.append(Object.assign(document.createElement('div'), { ariaHidden: 'true' }));
      main.lastElementChild?.setAttribute('data-width', 'window');
    });
    expect(await width()).toBeGreaterThan(1800);
  });
});

const BAR_ROWS = [
  [360, 2],
  [768, 1],
  [1280, 1],
  [1920, 1],
] as const;

for (const { where, environment } of [
  { where: 'against Cloudflare', environment: {} },
  { where: 'in the sandbox', environment: { UPSTREAM: 'sandbox' } },
]) {
  test.describe(where, () => {
    test.use({
      environment: {
        CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${LONG_LABEL},${OTHER_ACCOUNT.id}=Acme lab`,
        ...environment,
      },
    });

    test('the bar takes one row, or two short ones at 360 px, with all of it in reach', async ({ page }) => {
      for (const [width, rows] of BAR_ROWS) {
        await test.step(`at ${width} px`, async () => {
          await page.setViewportSize({ width, height: 800 });
          await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
          await expectBarIn(page, rows);
        });
      }
    });
  });
}

async function expectBarIn(page: Page, rows: 1 | 2): Promise<void> {
  await expect(switcher(page)).toContainText('…89abcdef');
  const bar = page.getByRole('banner');
  expect((await bar.boundingBox())?.height).toBeLessThanOrEqual(rows * 40 + 4);
  for (const part of [
    ...(await bar.getByRole('link').all()),
    ...(await bar.getByRole('button').all()),
    bar.getByText('Local operator'),
    bar.getByText('…89abcdef').first(),
  ]) {
    // But for a fraction of a pixel.
    await expect(part).toBeInViewport({ ratio: 0.99 });
  }
  await switcher(page).click();
  for (const account of await page.getByRole('list', { name: 'Accounts' }).getByRole('link').all()) {
    await expect(account).toBeInViewport({ ratio: 1 });
  }
  await expectNoSidewaysScrolling(page);
}

test.describe('in the sandbox', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '' } });

  test('the open list of accounts has no violation', async ({ page }) => {
    await openForm(page);
    await switcher(page).click();
    await expect(page.getByRole('list', { name: 'Accounts' })).toBeVisible();
    await expectNoViolations(page);
  });
});

signedInTest('somebody who may only read has the same bar', async ({ page, accessProxy }) => {
  await accessProxy.vouchFor(page, ['readers']);
  await openForm(page);
  await expect(page.getByRole('banner')).toContainText('Signed in as Ann Operator');
  await expect(page.getByRole('banner')).toContainText('Production');
  await expect(link(page, 'Tunnels')).toBeVisible();
  await switchTo(page, OTHER_ACCOUNT.label);
  await expect(page).toHaveURL(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels/new`);
});
