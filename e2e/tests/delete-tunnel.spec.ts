import type { Page } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { openTunnel, TUNNEL, tabTo } from '../support/tunnel-pages.ts';

async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  return page.getByRole('dialog', { name: 'Delete branch-ams-1?' });
}

/** As somebody types who knows what comes. */
async function confirm(page: Page) {
  await expect(field(page, 'Name of the tunnel')).toBeFocused();
  await page.keyboard.type('branch-ams-1');
  await page.keyboard.press('Enter');
}

test('the dialog says what stops, wants the name typed, and the tunnel can be made again from what was recorded', async ({
  page,
  desk,
}) => {
  await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await expect(dialog).toContainText('Traffic between Cloudflare and 192.88.99.10.');
  await expect(dialog).toContainText('The BGP session with AS 65001');
  await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(dialog).toContainText('That is not its name. Type branch-ams-1 to delete it.');
  expect(await desk.tunnels()).toHaveLength(1);

  await field(page, 'Name of the tunnel').fill('branch-ams-1');
  await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeFocused();
  await expect(page.getByText(/Deleted by Local operator on/)).toBeVisible();
  expect(await desk.tunnels()).toEqual([]);

  await page.getByRole('link', { name: 'Recreate it…' }).click();
  await expect(page.getByText('Filled with what branch-ams-1 was, without its pre-shared key.')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await expect(field(page, 'Customer ASN')).toHaveValue('65001');
  await expect(page.getByRole('radio', { name: 'Add later' })).toBeChecked();
  await page.getByRole('button', { name: 'Create tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  const { psk: _, ...rest } = TUNNEL;
  expect((await desk.tunnels())[0]).toMatchObject(rest);
});

test('a tunnel is deleted by keyboard alone, and Escape lets it live', async ({ page, desk }) => {
  await openTunnel(page, desk);
  const button = page.getByRole('button', { name: 'Delete', exact: true });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await expect(field(page, 'Name of the tunnel')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(button).toBeFocused();
  expect(await desk.tunnels()).toHaveLength(1);

  await page.keyboard.press('Enter');
  await confirm(page);
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeFocused();
  expect(await desk.tunnels()).toEqual([]);
});

test('a deletion confirmed before the tunnel was read again waits for that, and stops at what somebody changed', async ({
  page,
  desk,
}) => {
  const { id } = await openTunnel(page, desk);
  let held = Promise.withResolvers<void>();
  const reads = /\/ipsec_tunnels\/[0-9a-f]{32}$/;
  await page.route(reads, async (route) => {
    if (route.request().method() === 'GET') await held.promise;
    await route.continue();
  });
  const dialog = await openDialog(page);
  await confirm(page);
  await expect(dialog).toContainText('Reading the tunnel as it is now…');
  await desk.updateElsewhere(id, { ...TUNNEL, description: 'Moved to another site' });
  held.resolve();
  await expect(dialog).toContainText('Somebody changed it since this page was shown:');
  expect(await desk.tunnels()).toHaveLength(1);

  await page.keyboard.press('Escape');
  await expect(page.getByText('Moved to another site')).toBeVisible();
  held = Promise.withResolvers<void>();
  await openDialog(page);
  await confirm(page);
  held.resolve();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeFocused();
});

test('a deletion confirmed before the tunnel was read again, and then cancelled, deletes nothing', async ({
  page,
  desk,
}) => {
  await openTunnel(page, desk);
  const held = Promise.withResolvers<void>();
  const reads = /\/ipsec_tunnels\/[0-9a-f]{32}$/;
  await page.route(reads, async (route) => {
    if (route.request().method() === 'GET') await held.promise;
    await route.continue();
  });
  await openDialog(page);
  await confirm(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  const read = page.waitForResponse(reads);
  held.resolve();
  await (await read).finished();
  // Whatever was to follow the read has followed once the page has handled another event.
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(field(page, 'Name of the tunnel')).toBeFocused();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
});

test('a form of one’s own is not overwritten by a recreation unasked', async ({ page, desk }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto('/tunnels/new');
  await field(page, 'Name').fill('branch-of-mine');
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toContain('branch-of-mine');
  await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await field(page, 'Name of the tunnel').fill('branch-ams-1');
  await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
  await page.getByRole('link', { name: 'Recreate it…' }).click();
  await expect(page.getByText('You have begun to fill the form for branch-of-mine.')).toBeVisible();
  await page.getByRole('link', { name: 'Keep mine' }).click();
  await expect(field(page, 'Name')).toHaveValue('branch-of-mine');
});

test('somebody changed the tunnel meanwhile: said before it is deleted', async ({ page, desk }) => {
  const { id } = await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await field(page, 'Name of the tunnel').fill('branch-ams-1');
  await desk.updateElsewhere(id, { ...TUNNEL, description: 'in use again' });
  await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Nothing was deleted.');
  await expect(dialog).toContainText('in use again');
  expect(await desk.tunnels()).toHaveLength(1);
  await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeVisible();
});

test('a tunnel that somebody else has deleted is gone from the page as soon as one wants to delete it', async ({
  page,
  desk,
}) => {
  const { id } = await openTunnel(page, desk);
  await desk.deleteElsewhere(id);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No such tunnel' })).toBeVisible();
});

test.describe('a lost response', () => {
  for (const { handled, what } of [
    { handled: true, what: 'after which the tunnel is gone: deleted' },
    { handled: false, what: 'after which the tunnel is there: nothing was deleted' },
  ]) {
    test(what, async ({ page, desk }) => {
      await openTunnel(page, desk);
      const dialog = await openDialog(page);
      await field(page, 'Name of the tunnel').fill('branch-ams-1');
      desk.failUpstream({ kind: 'reset', handled });
      await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
      if (handled) {
        await expect(page.getByRole('heading', { name: 'branch-ams-1 was deleted' })).toBeVisible();
      } else {
        await expect(dialog.getByRole('alert')).toContainText('Nothing was deleted.');
        await expect(dialog.getByRole('alert')).toContainText('It is safe to delete it again.');
      }
      expect(desk.upstreamRequests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
    });
  }

  test('that nobody can look into is followed until it is known', async ({ page, desk }) => {
    await openTunnel(page, desk);
    const dialog = await openDialog(page);
    await field(page, 'Name of the tunnel').fill('branch-ams-1');
    desk.failUpstream({ kind: 'reset', handled: true }, { thenReads: true });
    await dialog.getByRole('button', { name: 'Delete tunnel' }).click();
    await expect(dialog.getByRole('alert')).toContainText("We don't know whether the tunnel was deleted.");
    desk.failUpstream(undefined);
    desk.failLists(false);
    await expect(dialog.getByRole('alert')).toContainText('The tunnel was deleted.');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/deleted|No such tunnel/);
  });
});
