// The configurations of the routers of several tunnels, from the list.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { API_PREFIX, tunnelRouterSettingsPath } from '@tunnel-desk/shared/api/paths';
import { strFromU8, unzipSync } from 'fflate';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { field, notesOn } from '../support/form.ts';
import { TUNNEL } from '../support/tunnel-pages.ts';

const SETTINGS = {
  kind: 'vyos',
  uplink: 'eth7',
  isBehindNat: false,
  lanPrefixes: ['10.1.0.0/16'],
  routing: 'bgp',
  remotePrefixes: [],
  proposals: 'strongest',
};

/** Three tunnels, of which the first two are kept as the pair of one VyOS router. */
async function createTunnels(page: Page, desk: Desk): Promise<void> {
  const ids: string[] = [];
  for (const index of [1, 2, 3]) {
    const values = { ...TUNNEL, name: `branch-${index}`, interface_address: `10.0.0.${2 * index}/31` };
    ids.push((await desk.createElsewhere(values)).id);
  }
  const [first = '', second = ''] = ids;
  const response = await page.request.put(`${API_PREFIX}${tunnelRouterSettingsPath(ACCOUNT.id, first)}`, {
    data: { ...SETTINGS, pairedWith: second },
    headers: { origin: new URL(desk.url).origin },
  });
  expect(response.ok()).toBe(true);
}

async function openDialog(page: Page) {
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await page.getByRole('checkbox', { name: 'Select all that match' }).check();
  await page.getByRole('button', { name: 'Router configurations' }).click();
  return page.getByRole('dialog', { name: 'Router configurations' });
}

test('the files of several routers come in one archive, as kept and as entered for the rest', async ({
  page,
  desk,
}) => {
  await createTunnels(page, desk);
  const dialog = await openDialog(page);
  await expect(dialog).toContainText('1 of 2 routers use what was entered for them.');
  await expect(dialog).toContainText('1 router is left out until everything asked for here is entered and valid.');
  await expect(dialog.getByRole('button', { name: 'Download 1 configuration' })).toBeEnabled();
  await field(page, 'Interface to the internet').fill('eth 0');
  await expect(await notesOn(page, 'Interface to the internet')).toContainText('Must be the name of an interface');
  await field(page, 'Interface to the internet').fill('eth0');
  await expectNoViolations(page);

  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download 2 configurations' }).click();
  const archive = await download;
  expect(archive.suggestedFilename()).toBe('router-configurations.zip');
  const contents = unzipSync(new Uint8Array(await readFile(await archive.path())));
  const vyos = strFromU8(contents['branch-1/vyos.txt'] ?? new Uint8Array());
  expect(vyos).toContain('10.0.0.3/31');
  expect(vyos).toContain('10.0.0.5/31');
  expect(Object.keys(contents)).toContain('branch-3/swanctl.conf');
  expect(Object.keys(contents).some((path) => path.startsWith('branch-2/'))).toBe(false);
  expect(
    Object.values(contents)
      .map((bytes) => strFromU8(bytes))
      .join(),
  ).not.toContain(TUNNEL.psk);
  await expect(dialog).toBeHidden();
  expect(desk.upstreamRequests.filter((request) => !request.startsWith('GET'))).toEqual([]);
});

test('the dialog goes by Escape, fits a phone, and gives the focus back', async ({ page, desk }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await createTunnels(page, desk);
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await page.getByRole('checkbox', { name: 'Select branch-3' }).check();
  await page.getByRole('button', { name: 'Router configurations' }).click();
  const dialog = page.getByRole('dialog', { name: 'Router configurations' });
  await expect(dialog).toContainText('Nothing has been entered for these tunnels yet.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Router configurations' })).toBeFocused();
});
