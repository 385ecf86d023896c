// Everything from one field by keyboard, and the keys that need no field.

import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { field, fillValid, openForm } from '../support/form.ts';
import { OTHER_ACCOUNT, test as signedInTest } from '../support/signed-in-desk.ts';

const MOST_SHOWN = 50;

function quickActions(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Quick actions' });
}

async function openQuickActions(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+k');
  await expect(quickActions(page).getByRole('combobox')).toBeFocused();
  return quickActions(page);
}

/** What is said under the list; the other status is the library's own. */
function note(dialog: Locator): Locator {
  return dialog.getByRole('status').last();
}

function shortcuts(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Keyboard shortcuts' });
}

/** Has Cloudflare list these tunnels, without an upstream that has to hold them. */
async function haveTunnels(page: Page, count: number): Promise<void> {
  const tunnels = Array.from({ length: count }, (_, index) => ({
    id: index.toString(16).padStart(32, '0'),
    name: `branch-${index}`,
    cloudflare_endpoint: '198.51.100.1',
    interface_address: `10.${index >> 15}.${(index >> 7) & 255}.${(index << 1) & 255}/31`,
  }));
  await page.route(/\/api\/accounts\/\w+\/magic\/ipsec_tunnels(?:\/\w+)?$/, (route) => {
    const request = route.request();
    if (request.method() !== 'GET') return route.fallback();
    const tunnel = tunnels.find(({ id }) => request.url().endsWith(`/${id}`));
    const result = tunnel ? { ipsec_tunnel: tunnel } : { ipsec_tunnels: tunnels };
    return route.fulfill({ json: { success: true, errors: [], messages: [], result } });
  });
}

/** The page of a tunnel that was there before. */
async function openTunnel(page: Page): Promise<void> {
  await haveTunnels(page, 1);
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/${'0'.repeat(32)}`);
  await expect(page.getByRole('heading', { name: 'branch-0' })).toBeVisible();
}

test.describe('the quick actions', () => {
  test('lead to a tunnel by its name', async ({ page }) => {
    await haveTunnels(page, 200);
    await openForm(page);
    const dialog = await openQuickActions(page);
    await page.keyboard.type('branch-77');
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { name: 'branch-77' })).toBeFocused();
    await expect(page).toHaveURL(new RegExp(`/accounts/${ACCOUNT.id}/ipsec-tunnels/0+4d$`));
  });

  test("lead to a tunnel by its router's address, which the list does not say", async ({ page }) => {
    await haveTunnels(page, 200);
    await openForm(page);
    const dialog = await openQuickActions(page);
    await page.keyboard.type('10.0.0.213');
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await expect(dialog.getByRole('option')).toContainText('branch-106');
  });

  test('show the first of 10,000 tunnels, and say how many more there are', async ({ page }) => {
    await haveTunnels(page, 10_000);
    await openForm(page);
    const dialog = await openQuickActions(page);
    await expect(dialog.getByRole('option', { name: 'branch-' })).toHaveCount(MOST_SHOWN);
    await expect(note(dialog)).toHaveText('9,950 more tunnels: type more of the name or address.');
    await page.keyboard.type('branch-9999');
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await page.keyboard.type('x');
    await expect(dialog).toContainText('Nothing is called so');
  });

  test("have the page's actions first, and do them", async ({ page, desk }) => {
    await openForm(page);
    await fillValid(page);
    const dialog = await openQuickActions(page);
    await expect(dialog.getByRole('option').first()).toContainText('Validate only');
    await page.keyboard.type('only');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
    expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
    await openQuickActions(page);
    await page.keyboard.type('create tunnel');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeFocused();
    // The form has gone, and its actions with it.
    await openQuickActions(page);
    await expect(dialog.getByRole('option', { name: 'Validate only' })).toHaveCount(0);
    await expect(dialog.getByRole('option', { name: 'Edit this tunnel' })).toBeVisible();
  });

  test('are closed by Escape, by the same keys and by a click beside them, and leave the focus where it was', async ({
    page,
  }) => {
    await openForm(page);
    await field(page, 'Name').fill('branch-ams-1');
    for (const close of [
      () => page.keyboard.press('Escape'),
      () => page.keyboard.press('Control+k'),
      () => page.mouse.click(5, 500),
    ]) {
      await openQuickActions(page);
      await page.keyboard.type('nothing of the kind');
      await close();
      await expect(quickActions(page)).toBeHidden();
      await expect(field(page, 'Name')).toBeFocused();
      await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
    }
  });

  test('open by a button too, and return the focus to it', async ({ page }) => {
    await openForm(page);
    const button = page.getByRole('button', { name: 'Quick actions' });
    await button.press('Enter');
    await expect(quickActions(page).getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(button).toBeFocused();
  });

  test('keep out of the form what is typed while they load', async ({ page }) => {
    let load = () => {};
    const mayLoad = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route('**/quick-actions-dialog-*.js', async (route) => {
      await mayLoad;
      await route.continue();
    });
    await openForm(page);
    await field(page, 'Name').fill('branch-ams-1');
    await page.keyboard.press('Control+k');
    await expect(page.getByText('Loading…')).toBeVisible();
    await page.keyboard.type('abc?');
    load();
    await expect(quickActions(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
    await expect(field(page, 'Name')).toBeFocused();
  });

  test('that cannot be loaded cost nothing', async ({ page }) => {
    await page.route('**/quick-actions-dialog-*.js', (route) => route.abort());
    await openForm(page);
    await field(page, 'Name').fill('branch-ams-1');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('alert')).toContainText("This can't be loaded");
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
    await expect(field(page, 'Name')).toBeFocused();
  });

  test("say that the account's tunnels cannot be listed", async ({ page, desk }) => {
    desk.failLists(true);
    await openForm(page);
    const dialog = await openQuickActions(page);
    await expect(note(dialog)).toHaveText("The account's tunnels can't be listed just now.");
    await expect(dialog.getByRole('option', { name: 'Activity' })).toBeVisible();
  });
});

test.describe('with two accounts', () => {
  test.use({
    environment: {
      CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label},${OTHER_ACCOUNT.id}=${OTHER_ACCOUNT.label}`,
    },
  });

  test('the quick actions switch to the other one, and the form keeps what was typed', async ({ page }) => {
    await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
    await field(page, 'Name').fill('branch-ams-1');
    const dialog = await openQuickActions(page);
    await expect(dialog.getByRole('option', { name: 'Switch to' })).toHaveCount(1);
    await page.keyboard.type('switch lab');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`/accounts/${OTHER_ACCOUNT.id}/ipsec-tunnels/new`);
    await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  });

  test('before one is chosen there are no tunnels to find, and they say so', async ({ page }) => {
    await openForm(page);
    const dialog = await openQuickActions(page);
    await expect(note(dialog)).toHaveText('Choose an account to search its tunnels.');
  });
});

signedInTest('an action that is not allowed says why, and does nothing', async ({ page, desk, accessProxy }) => {
  await accessProxy.vouchFor(page, ['readers']);
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
  await fillValid(page);
  const dialog = await openQuickActions(page);
  await page.keyboard.type('create tunnel');
  const create = dialog.getByRole('option', { name: 'Create tunnel' });
  await expect(create).toContainText('You may validate in Acme production, not create');
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await create.click({ force: true });
  await expect(dialog).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([]);
});

test.describe('a key', () => {
  test('lists the shortcuts of the page and those of every page', async ({ page }) => {
    await openForm(page);
    await page.keyboard.press('?');
    await expect(shortcuts(page)).toContainText('Validate onlyCtrl+Enter');
    await expect(shortcuts(page)).toContainText('Quick actionsCtrl+K');
    await page.keyboard.press('Escape');
    await expect(shortcuts(page)).toBeHidden();
  });

  test('creates a tunnel where no field has the focus, and the form begins with its title', async ({ page }) => {
    await openTunnel(page);
    await page.keyboard.press('c');
    await expect(page).toHaveURL(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
    await expect(page.getByRole('heading', { name: 'Create an IPsec tunnel' })).toBeFocused();
  });

  test('is a character in a field', async ({ page }) => {
    await openForm(page);
    await field(page, 'Name').focus();
    await page.keyboard.type('c?/');
    await expect(field(page, 'Name')).toHaveValue('c?/');
    await expect(shortcuts(page)).toBeHidden();
  });

  test('does nothing with Ctrl, Alt or Shift, or under a dialog', async ({ page }) => {
    await openTunnel(page);
    const url = page.url();
    for (const keys of ['Control+c', 'Alt+c', 'Shift+c']) await page.keyboard.press(keys);
    await page.keyboard.press('?');
    await expect(shortcuts(page)).toBeVisible();
    await shortcuts(page).getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('c');
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await expect(shortcuts(page)).toBeHidden();
    await expect(page).toHaveURL(url);
  });

  test('is no shortcut once that is turned off, which the browser remembers', async ({ page }) => {
    await openTunnel(page);
    const url = page.url();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await shortcuts(page).getByRole('checkbox', { name: 'Single keys are shortcuts' }).uncheck();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Keyboard shortcuts' })).toBeFocused();
    await page.keyboard.press('c');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'branch-0' })).toBeFocused();
    await page.keyboard.press('?');
    await page.keyboard.press('c');
    await openQuickActions(page);
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(url);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await shortcuts(page).getByRole('checkbox', { name: 'Single keys are shortcuts' }).check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await expect(page).toHaveURL(`/accounts/${ACCOUNT.id}/ipsec-tunnels/new`);
  });

  test('with Ctrl validates from outside the form too, and from inside only once', async ({ page, desk }) => {
    const validations = () => desk.upstreamRequests.filter((request) => request.startsWith('POST')).length;
    await openForm(page);
    await fillValid(page);
    await field(page, 'Name').press('Control+Enter');
    await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
    expect(validations()).toBe(1);
    await field(page, 'Description').fill('changed since');
    await expect(page.getByText('Changed since it was validated')).toBeVisible();
    await page.getByRole('link', { name: 'Tunnel Desk' }).focus();
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
    expect(validations()).toBe(2);
  });
});

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    test('both dialogs have no violation, and fit', async ({ page }) => {
      await haveTunnels(page, 100);
      await openForm(page);
      const dialog = await openQuickActions(page);
      await expect(dialog.getByRole('option', { name: 'branch-' })).toHaveCount(MOST_SHOWN);
      await expectNoViolations(page);
      const box = await dialog.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(width);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(shortcuts(page)).toBeVisible();
      await expectNoViolations(page);
    });
  });
}
