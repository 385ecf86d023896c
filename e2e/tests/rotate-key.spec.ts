import type { Page } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { browserStorage, openTunnel, tabTo } from '../support/tunnel-pages.ts';

async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'Rotate key' }).click();
  return page.getByRole('dialog', { name: 'Rotate the key of branch-ams-1' });
}

function shownKey(page: Page) {
  return page.getByRole('textbox', { name: 'New pre-shared key' });
}

test('a key generated at Cloudflare is shown once, and closing asks while nobody has taken it', async ({
  page,
  desk,
}) => {
  const before = await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await expect(dialog).toContainText('Traffic stops at the next re-authentication until the router has the new key.');
  await dialog.getByRole('button', { name: 'Replace the key' }).click();

  const shown = page.getByRole('dialog', { name: 'branch-ams-1 has a new key' });
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown.getByRole('alert')).toContainText('Nobody can show it again');
  await page.keyboard.press('Escape');
  await expect(shown).toBeVisible();
  await shown.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  const key = await shownKey(page).inputValue();
  expect(key.length).toBeGreaterThan(16);
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();

  await expect(page.getByRole('button', { name: 'Rotate key' })).toBeFocused();
  expect(await page.content()).not.toContain(key);
  expect(await browserStorage(page)).not.toContain(key);
  expect((await desk.tunnels())[0]?.psk_metadata?.last_generated_on).not.toBe(before.psk_metadata?.last_generated_on);
});

test('a key is rotated by keyboard alone', async ({ page, desk }) => {
  await openTunnel(page, desk);
  await tabTo(page, page.getByRole('button', { name: 'Rotate key' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: 'Generate it at Cloudflare' })).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: 'Replace the key' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Reveal new pre-shared key' }));
  await page.keyboard.press('Enter');
  await expect(shownKey(page)).toHaveValue(/.{16}/);
  await tabTo(page, page.getByRole('button', { name: 'Done' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Rotate key' })).toBeFocused();
});

test('a key generated in the browser can be taken first, and the rest of the tunnel stays as it was', async ({
  page,
  desk,
}) => {
  const before = await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await dialog.getByText('Generate it in this browser').click();
  await dialog.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  const key = await shownKey(page).inputValue();
  await dialog.getByRole('button', { name: 'Replace the key' }).click();
  const shown = page.getByRole('dialog', { name: 'branch-ams-1 has a new key' });
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  const [after] = await desk.tunnels();
  const { psk_metadata: _, modified_on: __, bgp_status: ___, ...rest } = before;
  expect(after).toMatchObject(rest);
  expect(after?.psk_metadata?.last_generated_on).not.toBe(before.psk_metadata?.last_generated_on);
  expect(await browserStorage(page)).not.toContain(key);
});

test('a key of one’s own is masked, advised on, and not shown again', async ({ page, desk }) => {
  await openTunnel(page, desk);
  const dialog = await openDialog(page);
  await dialog.getByText('Use my own').click();
  await dialog.getByRole('button', { name: 'Replace the key' }).click();
  await expect(dialog).toContainText('Enter the key, or have one generated.');
  await field(page, 'New pre-shared key').fill('short');
  await expect(dialog).toContainText('16');
  await field(page, 'New pre-shared key').fill('correct horse battery staple');
  await dialog.getByRole('button', { name: 'Replace the key' }).click();
  const shown = page.getByRole('dialog', { name: 'branch-ams-1 has a new key' });
  await expect(shown.getByRole('button', { name: 'Reveal new pre-shared key' })).toHaveCount(0);
  await shown.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain('correct horse battery staple');
  expect(await browserStorage(page)).not.toContain('correct horse battery staple');
});

test('a tunnel without a key says so, and gets one without a warning', async ({ page, desk }) => {
  await openTunnel(page, desk, { psk: undefined });
  await expect(page.getByText('No pre-shared key: it carries no traffic')).toBeVisible();
  await page.getByRole('button', { name: 'Set key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a key for branch-ams-1' });
  await expect(dialog).toContainText('Nothing is interrupted.');
  await dialog.getByRole('button', { name: 'Set the key' }).click();
  await page.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Key set on')).toBeVisible();
});

test.describe('a lost response to a generation', () => {
  test('that has replaced the key: nobody can see it, and another one is generated', async ({ page, desk }) => {
    await openTunnel(page, desk);
    const dialog = await openDialog(page);
    desk.failUpstream({ kind: 'reset', handled: true });
    await dialog.getByRole('button', { name: 'Replace the key' }).click();
    await expect(dialog.getByRole('alert')).toContainText('nobody can see it any more');
    desk.failUpstream(undefined);
    await dialog.getByRole('button', { name: 'Generate another key' }).click();
    await expect(page.getByRole('dialog', { name: 'branch-ams-1 has a new key' })).toBeVisible();
  });

  test('that did nothing: the key was not changed', async ({ page, desk }) => {
    await openTunnel(page, desk);
    const dialog = await openDialog(page);
    desk.failUpstream({ kind: 'reset', handled: false });
    await dialog.getByRole('button', { name: 'Replace the key' }).click();
    await expect(dialog.getByRole('alert')).toContainText('The key was not changed.');
  });

  test('that nobody can look into is followed until it is known', async ({ page, desk }) => {
    await openTunnel(page, desk);
    const dialog = await openDialog(page);
    desk.failUpstream({ kind: 'reset', handled: true }, { thenReads: true });
    await dialog.getByRole('button', { name: 'Replace the key' }).click();
    await expect(dialog.getByRole('alert')).toContainText("We don't know whether the tunnel was given a new key.");
    desk.failUpstream(undefined);
    desk.failLists(false);
    await expect(dialog.getByRole('alert')).toContainText('nobody can see it any more');
  });
});
