// What can be done to one tunnel, or to several, without leaving the list.

import type { Page } from '@playwright/test';
import { generatePskPath, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { test as signedInTest } from '../support/signed-in-desk.ts';
import { browserStorage, TUNNEL, tabTo } from '../support/tunnel-pages.ts';

const LIST = `/accounts/${ACCOUNT.id}/ipsec-tunnels`;
const LIST_UPSTREAM = ipsecTunnelsPath(ACCOUNT.id);

async function createTunnels(desk: Desk, count: number): Promise<void> {
  for (let index = 1; index <= count; index++) {
    const name = `branch-${index}`;
    await desk.createElsewhere({ ...TUNNEL, name, interface_address: `10.0.0.${2 * index}/31` });
  }
}

const names = (page: Page) => page.getByRole('rowheader');
const menuButton = (page: Page, name: string) => page.getByRole('button', { name: `Actions for ${name}` });
const entry = (page: Page, name: string) => page.getByRole('menuitem', { name });

async function openMenu(page: Page, name: string): Promise<void> {
  await page.goto(LIST);
  await menuButton(page, name).click();
}

test('a tunnel is deleted over the list, which says so and offers it again', async ({ page, desk }) => {
  await createTunnels(desk, 2);
  await page.goto(LIST);
  await page.getByRole('checkbox', { name: 'Select branch-1' }).check();
  await menuButton(page, 'branch-1').click();
  await entry(page, 'Delete').click();
  const dialog = page.getByRole('dialog', { name: 'Delete branch-1?' });
  await expect(field(page, 'Name of the tunnel')).toBeFocused();
  await expect(page).toHaveURL(LIST);
  await page.keyboard.type('branch-1');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const note = page.getByRole('region', { name: 'branch-1 was deleted' });
  await expect(note).toBeFocused();
  await expect(names(page)).toHaveText(['branch-2']);
  const selectAll = page.getByRole('checkbox', { name: 'Select all that match' });
  await expect(selectAll).not.toBeChecked({ indeterminate: true });
  expect((await desk.tunnels()).map(({ name }) => name)).toEqual(['branch-2']);
  await note.getByRole('link', { name: 'Recreate it…' }).click();
  await expect(page.getByText('Filled with what branch-1 was, without its pre-shared key.')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('branch-1');
});

test('what was deleted is said, too, of the last tunnel of the account', async ({ page, desk }) => {
  await createTunnels(desk, 1);
  await openMenu(page, 'branch-1');
  await entry(page, 'Delete').click();
  await field(page, 'Name of the tunnel').fill('branch-1');
  await page.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(page.getByRole('region', { name: 'branch-1 was deleted' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Create your first tunnel' })).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('region', { name: 'branch-1 was deleted' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'IPsec tunnels', exact: true })).toBeFocused();
});

for (const label of ['Delete', 'Rotate key']) {
  test(`"${label}" is left by Escape, with the focus where it was`, async ({ page, desk }) => {
    await createTunnels(desk, 2);
    await openMenu(page, 'branch-2');
    // Twice: the second time nothing has to be loaded first.
    for (let times = 1; times <= 2; times++) {
      await entry(page, label).click();
      await expect(page.getByRole('dialog').locator(':focus')).toHaveCount(1);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(menuButton(page, 'branch-2')).toBeFocused();
      await page.keyboard.press('Enter');
    }
    expect(await desk.tunnels()).toHaveLength(2);
  });
}

test('a key is rotated over the list, and stays when the list behind it becomes empty', async ({ page, desk }) => {
  await createTunnels(desk, 1);
  await openMenu(page, 'branch-1');
  await entry(page, 'Rotate key').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace the key' }).click();
  const shown = page.getByRole('dialog', { name: 'branch-1 has a new key' });
  await shown.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  const key = await page.getByRole('textbox', { name: 'New pre-shared key' }).inputValue();
  const [tunnel] = await desk.tunnels();
  await desk.deleteElsewhere(tunnel?.id ?? '');
  // As somebody who comes back to the window.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(shown).toBeVisible();
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  expect(key.length).toBeGreaterThan(16);
  expect(await page.content()).not.toContain(key);
  expect(await browserStorage(page)).not.toContain(key);
});

test('a tunnel without a key is given one, which interrupts nothing', async ({ page, desk }) => {
  await desk.createElsewhere({ ...TUNNEL, psk: undefined });
  await openMenu(page, TUNNEL.name);
  await entry(page, 'Set key').click();
  await expect(page.getByRole('dialog', { name: `Set a key for ${TUNNEL.name}` })).toContainText(
    'Nothing is interrupted.',
  );
});

test('a key whose response was lost is gone, and another is offered', async ({ page, desk }) => {
  await createTunnels(desk, 2);
  const lost = (await desk.tunnels()).find(({ name }) => name === 'branch-2');
  await page.route(
    `**${generatePskPath(ACCOUNT.id, lost?.id ?? '')}`,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await page.goto(LIST);
  await page.getByRole('checkbox', { name: 'Select all that match' }).check();
  await page.getByRole('button', { name: 'Rotate keys' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type 2 to confirm').fill('2');
  await dialog.getByRole('button', { name: 'Rotate 2 keys' }).click();
  const gone = dialog.getByRole('region', { name: 'The new key was lost: 1' }).first();
  await expect(dialog.getByText('A new key was generated, and nobody can see it any more.')).toBeVisible();
  await expect(gone).toContainText('branch-2');
  await dialog.getByRole('button', { name: 'Generate another for 1 tunnel' }).click();
  await expect(dialog.getByRole('heading', { name: 'New keys: 2' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Reveal the key of branch-1' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Reveal the key of branch-2' })).toBeVisible();
});

test('the list is worked with by keyboard alone', async ({ page, desk }) => {
  await createTunnels(desk, 12);
  await desk.createElsewhere({ ...TUNNEL, name: 'branch-20', interface_address: '10.0.1.0/31', psk: undefined });
  await page.goto(LIST);
  await names(page).first().waitFor();

  await page.keyboard.press('/');
  const search = page.getByRole('searchbox', { name: 'Search tunnels' });
  await expect(search).toBeFocused();
  await page.keyboard.type('branch-1');
  await expect(names(page)).toHaveCount(4);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('branch-');
  await expect(names(page)).toHaveCount(13);

  await tabTo(page, page.getByRole('button', { name: 'Key missing' }));
  await page.keyboard.press('Space');
  await expect(names(page)).toHaveText(['branch-20']);
  await page.keyboard.press('Space');
  await expect(names(page)).toHaveCount(13);

  await tabTo(page, page.getByRole('button', { name: 'Name', exact: true }));
  await page.keyboard.press('Enter');
  await expect(names(page).first()).toHaveText('branch-20');

  await tabTo(page, page.getByRole('checkbox', { name: 'Select branch-20' }));
  await page.keyboard.press('Space');
  await expect(page.getByText('1 selected')).toBeVisible();

  await tabTo(page, menuButton(page, 'branch-20'));
  await page.keyboard.press('Enter');
  await expect(entry(page, 'Open')).toBeVisible();
  // Up from the first entry is the last one.
  await page.keyboard.press('ArrowUp');
  await expect(entry(page, 'Delete')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Name of the tunnel')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(menuButton(page, 'branch-20')).toBeFocused();
  await expect(page.getByText('1 selected')).toBeVisible();
});

test("the quick actions have the list's own, and what can be done to those selected", async ({ page, desk }) => {
  await createTunnels(desk, 3);
  await page.goto(LIST);
  await names(page).first().waitFor();
  const actions = page.getByRole('dialog', { name: 'Quick actions' });
  const choose = async (text: string) => {
    await page.keyboard.press('Control+k');
    await expect(actions.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await expect(actions).toBeHidden();
  };
  await choose('search the tunnels');
  await expect(page.getByRole('searchbox', { name: 'Search tunnels' })).toBeFocused();
  await page.keyboard.type('branch-1');
  await expect(names(page)).toHaveCount(1);
  await choose('clear the search');
  await expect(names(page)).toHaveCount(3);
  await choose('select all');
  await expect(page.getByText('3 selected')).toBeVisible();
  await choose('delete the selected');
  await expect(page.getByRole('dialog', { name: 'Delete 3 tunnels?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await choose('clear the selection');
  await expect(page.getByText('3 selected')).toBeHidden();
  const lists = () => desk.upstreamRequests.filter((request) => request.endsWith(LIST_UPSTREAM)).length;
  const before = lists();
  await choose('refresh');
  await expect.poll(lists).toBeGreaterThan(before);
});

signedInTest('a viewer reads why nothing may be changed', async ({ page, desk, accessProxy }) => {
  await createTunnels(desk, 2);
  await accessProxy.vouchFor(page, ['readers']);
  await openMenu(page, 'branch-1');
  for (const label of ['Edit', 'Rotate key', 'Delete']) {
    await expect(entry(page, label)).toHaveAttribute('aria-disabled', 'true');
    await expect(entry(page, label)).toContainText('That takes the operator role.');
    await entry(page, label).click({ force: true });
  }
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'Select branch-1' }).check();
  const bar = page.getByRole('region', { name: 'Selected tunnels' });
  await expect(bar.getByRole('button', { name: 'Rotate keys' })).toBeDisabled();
  await expect(bar.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await expect(bar).toContainText('That takes the operator role.');
  await expect(bar.getByRole('button', { name: 'Export CSV' })).toBeEnabled();
  expect(desk.upstreamRequests.filter((request) => !request.startsWith('GET'))).toEqual([]);
});

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    test('the menu and the dialogs over the list have no violation, and fit', async ({ page, desk }) => {
      await createTunnels(desk, 3);
      await openMenu(page, 'branch-2');
      await expect(entry(page, 'Open')).toBeVisible();
      await expectNoViolations(page);
      await entry(page, 'Rotate key').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await menuButton(page, 'branch-2').click();
      await entry(page, 'Delete').click();
      await expect(field(page, 'Name of the tunnel')).toBeFocused();
      await expectNoViolations(page);
      await page.keyboard.type('branch-2');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('link', { name: 'Recreate it…' })).toBeVisible();
      await expectNoViolations(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  });
}
