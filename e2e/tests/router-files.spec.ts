import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expectNoViolations } from '../support/axe.ts';
import { allowClipboard, clipboardText } from '../support/clipboard.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, notesOn, openForm } from '../support/form.ts';
import { test as asSomebody } from '../support/signed-in-desk.ts';
import {
  browserStorage,
  changeList,
  openTunnel,
  saveButton,
  TUNNEL,
  tabTo,
  tunnelUrl,
} from '../support/tunnel-pages.ts';

const KEY = 'correct horse battery staple';
/** Suits a Linux router as it is, without the word in its description. */
const SUITABLE = { ...TUNNEL, health_check: { ...TUNNEL.health_check, type: 'request' } } as const;

const files = (page: Page) => page.getByRole('region', { name: 'Files' });
const tabs = (page: Page) => files(page).getByRole('tab');
const shown = (page: Page) => files(page).locator('pre');
const heading = (page: Page) => page.getByRole('heading', { name: 'Router', exact: true });
const advice = (page: Page) => page.getByRole('region', { name: 'What does not suit this router' });

async function enterUplink(page: Page, name = 'eth0'): Promise<void> {
  await field(page, 'Interface to the internet').fill(name);
}

async function downloadBy(page: Page, button: Locator): Promise<Download> {
  const download = page.waitForEvent('download');
  await button.click();
  return download;
}

async function bytesOf(download: Download): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(await download.path()));
}

test('the kind is chosen, what only a person knows is filled in, and the files are there', async ({ page, desk }) => {
  await openTunnel(page, desk, SUITABLE);
  await expect(field(page, 'Kind of router')).toHaveValue('linux');
  await expect(field(page, 'Routing')).toHaveValue('bgp');
  await expect(files(page)).toContainText('as soon as these are entered and valid');
  await expect(await notesOn(page, 'Interface to the internet')).toBeEmpty();
  await enterUplink(page);
  await expect(tabs(page).first()).toHaveAttribute('aria-selected', 'true');
  await expect(shown(page)).toContainText('Tunnel branch-ams-1');
  await expect(shown(page)).toContainText('198.51.100.1');
});

test('what is wrong is named under its field once it was left, and there are no files until it is right', async ({
  page,
  desk,
}) => {
  await openTunnel(page, desk, SUITABLE);
  await enterUplink(page, 'eth 0');
  await expect(await notesOn(page, 'Interface to the internet')).toContainText('Must be the name of an interface');
  await enterUplink(page);
  await expect(tabs(page).first()).toBeVisible();
  await field(page, 'Networks behind the router').fill('10.1.0.1/16, 10.2.0.0/16');
  await expect(await notesOn(page, 'Networks behind the router')).toContainText('host bits are set');
  await expect(files(page)).toContainText('Networks behind the router');
  await expect(tabs(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Use 10.1.0.0/16' }).click();
  await expect(field(page, 'Networks behind the router')).toHaveValue('10.1.0.0/16, 10.2.0.0/16');
  await expect(tabs(page).first()).toBeVisible();
  await field(page, 'Networks behind the router').fill('2001:db8::/32');
  await expect(await notesOn(page, 'Networks behind the router')).toContainText('Must be an IPv4 prefix');
  await field(page, 'Networks behind the router').fill('');
  await field(page, 'Routing').selectOption('static');
  await files(page).getByRole('button', { name: 'Networks reached through Cloudflare' }).click();
  await expect(field(page, 'Networks reached through Cloudflare')).toBeFocused();
  await field(page, 'Networks reached through Cloudflare').fill('10.0.0.0/8');
  await expect(tabs(page).first()).toBeVisible();
});

test('the description names the kind; else it is the one that was chosen last', async ({ page, desk }) => {
  await openTunnel(page, desk, { description: 'pfSense in Amsterdam' });
  await expect(field(page, 'Kind of router')).toHaveValue('pfsense');
  await field(page, 'Kind of router').selectOption('vyos');
  await openTunnel(page, desk, { name: 'branch-ams-2', interface_address: '10.0.0.2/31', description: '' });
  await expect(field(page, 'Kind of router')).toHaveValue('vyos');
  await openTunnel(page, desk, { name: 'branch-ams-3', interface_address: '10.0.0.4/31', description: 'a FortiGate' });
  await expect(field(page, 'Kind of router')).toHaveValue('fortigate');
});

test('a file is copied and downloaded as it is shown, and all of them come in one archive', async ({ page, desk }) => {
  await allowClipboard(page);
  await openTunnel(page, desk, SUITABLE);
  await enterUplink(page);
  await expect(tabs(page).nth(1)).toBeVisible();
  const contents = new Map<string, string>();
  for (const tab of await tabs(page).all()) {
    await tab.click();
    const name = (await tab.textContent()) ?? '';
    await files(page).getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: `${name} copied.` })).toBeVisible();
    const copied = await clipboardText(page);
    const download = await downloadBy(page, files(page).getByRole('button', { name: 'Download', exact: true }));
    expect(download.suggestedFilename()).toBe(name);
    expect(strFromU8(await bytesOf(download))).toBe(copied);
    contents.set(`branch-ams-1/${name}`, copied);
  }
  const archive = await downloadBy(page, files(page).getByRole('button', { name: 'Download all' }));
  expect(archive.suggestedFilename()).toBe('branch-ams-1.zip');
  const unzipped = Object.entries(unzipSync(await bytesOf(archive)));
  expect(new Map(unzipped.map(([name, bytes]) => [name, strFromU8(bytes)]))).toEqual(contents);
});

test('the pre-shared key is in the files only where it was asked for, hidden until asked for, and kept nowhere', async ({
  page,
  desk,
}) => {
  await allowClipboard(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url() + (request.postData() ?? '')));
  await openTunnel(page, desk, SUITABLE);
  await enterUplink(page);
  await expect(tabs(page).first()).toBeVisible();
  await page.getByRole('tab', { name: 'swanctl.conf' }).click();
  await expect(field(page, 'Pre-shared key')).toHaveCount(0);
  const withoutKey = await shown(page).textContent();
  await page.getByLabel('Write the pre-shared key into the files').click();
  await field(page, 'Pre-shared key').fill(KEY);
  await expect(shown(page)).toContainText('••••••••');
  const encoded = Buffer.from(KEY).toString('base64');
  expect(await shown(page).textContent()).not.toContain(encoded);
  await files(page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The pre-shared key is in it.' })).toBeVisible();
  expect(await clipboardText(page)).toContain(encoded);
  await files(page).getByRole('button', { name: 'Reveal pre-shared key' }).click();
  await expect(shown(page)).toContainText(encoded);
  await page.getByLabel('Write the pre-shared key into the files').click();
  await expect(shown(page)).toHaveText(withoutKey ?? '');
  await page.getByLabel('Write the pre-shared key into the files').click();
  const storage = await browserStorage(page);
  for (const form of [KEY, encoded, encodeURIComponent(KEY)]) {
    expect(storage).not.toContain(form);
    expect(requests.filter((request) => request.includes(form))).toEqual([]);
  }
  await expect(page.getByRole('status').filter({ hasText: 'Kept.' })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Write the pre-shared key into the files')).not.toBeChecked();
});

test('a key that was set in this tab need not be typed, and is taken with the files', async ({ page }) => {
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page);
  await page.getByText('Generate one here').click();
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await page.getByRole('link', { name: 'Get its configuration' }).click();
  await expect(heading(page)).toBeFocused();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await enterUplink(page);
  await field(page, 'Networks reached through Cloudflare').fill('10.0.0.0/8');
  await page.getByLabel('Write the pre-shared key into the files').click();
  await expect(page.getByText('is the one that was set in this tab')).toBeVisible();
  await expect(field(page, 'Pre-shared key')).toHaveCount(0);
  await page.getByRole('tab', { name: 'swanctl.conf' }).click();
  await downloadBy(page, files(page).getByRole('button', { name: 'Download', exact: true }));
  // It was taken: leaving no longer asks.
  let wasAsked = false;
  page.on('dialog', (dialog) => {
    wasAsked = true;
    void dialog.accept();
  });
  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
  expect(wasAsked).toBe(false);
});

test('what was entered is there after a reload and in another browser, and never goes to Cloudflare', async ({
  page,
  desk,
  browser,
}) => {
  const tunnel = await openTunnel(page, desk, SUITABLE);
  await field(page, 'Kind of router').selectOption('vyos');
  await enterUplink(page, 'uplink7');
  await field(page, 'Networks behind the router').fill('10.77.0.0/16');
  await expect(page.getByRole('status').filter({ hasText: 'Kept.' })).toBeVisible();
  await page.reload();
  await expect(field(page, 'Interface to the internet')).toHaveValue('uplink7');
  const other = await browser.newPage({ baseURL: desk.url });
  await other.goto(tunnelUrl(tunnel));
  await expect(field(other, 'Kind of router')).toHaveValue('vyos');
  await expect(field(other, 'Networks behind the router')).toHaveValue('10.77.0.0/16');
  await expect(tabs(other).first()).toBeVisible();
  await other.close();
  expect(desk.responses).toContain(`200 PUT /api/accounts/${ACCOUNT.id}/router-settings/${tunnel.id}`);
  // Reads alone, of what Cloudflare has.
  expect(desk.upstreamRequests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  expect(desk.upstreamRequests.filter((request) => /uplink7|10\.77|router/.test(request))).toEqual([]);
});

test('what cannot be kept is said, can be tried again, and keeps nobody from the files', async ({ page, desk }) => {
  await openTunnel(page, desk, SUITABLE);
  await page.route('**/router-settings/*', (route) => route.abort());
  await enterUplink(page);
  await expect(page.getByText("It can't be kept just now")).toBeVisible();
  await expect(tabs(page).first()).toBeVisible();
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Kept.' })).toBeVisible();
});

test('a key that was rotated in this tab goes into the files', async ({ page, desk }) => {
  await openTunnel(page, desk, SUITABLE);
  await enterUplink(page);
  await page.getByRole('button', { name: 'Rotate key' }).click();
  await page.getByRole('button', { name: 'Replace the key' }).click();
  const rotated = page.getByRole('dialog', { name: 'has a new key' });
  await rotated.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  const key = await rotated.getByRole('textbox').inputValue();
  await rotated.getByRole('button', { name: 'Done' }).click();
  await page.getByLabel('Write the pre-shared key into the files').click();
  await page.getByRole('tab', { name: 'swanctl.conf' }).click();
  await files(page).getByRole('button', { name: 'Reveal pre-shared key' }).click();
  await expect(shown(page)).toContainText(Buffer.from(key).toString('base64'));
});

test('the MD5 key is hidden in the files too until it is asked for', async ({ page, desk }) => {
  await openTunnel(page, desk, SUITABLE);
  await enterUplink(page);
  await page.getByRole('tab', { name: 'frr.conf' }).click();
  await expect(shown(page)).toContainText('••••••••');
  expect(await page.content()).not.toContain(TUNNEL.bgp.md5_key);
  await files(page).getByRole('button', { name: 'Reveal MD5 key' }).click();
  await expect(shown(page)).toContainText(TUNNEL.bgp.md5_key);
});

test('what does not suit the router opens the form with the fix in it, and saving changes the tunnel', async ({
  page,
  desk,
}) => {
  const tunnel = await openTunnel(page, desk);
  await expect(advice(page)).toContainText("This tunnel's health check is of type reply.");
  await advice(page).getByRole('button', { name: 'Change it to request' }).click();
  await expect(changeList(page)).toContainText('reply');
  await expect(changeList(page)).toContainText('request');
  expect(page.url()).toBe(`${desk.url}${tunnelUrl(tunnel)}/edit`);
  // What was changed here since stays over a reload.
  await field(page, 'Description').fill('mine');
  await page.reload();
  await expect(changeList(page)).toContainText('request');
  await expect(field(page, 'Description')).toHaveValue('mine');
  await saveButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  expect((await desk.tunnels())[0]?.health_check?.type).toBe('request');
  await expect(field(page, 'Kind of router')).toBeVisible();
  await expect(advice(page)).toHaveCount(0);
});

test('the files of a pair are for both tunnels, from either page', async ({ page, desk }) => {
  const first = await desk.createElsewhere(SUITABLE);
  await openTunnel(page, desk, {
    ...SUITABLE,
    name: 'branch-ams-2',
    cloudflare_endpoint: '203.0.113.1',
    interface_address: '10.0.0.2/31',
  });
  await field(page, 'Another tunnel to the same router').selectOption('branch-ams-1');
  await enterUplink(page);
  await expect(shown(page)).toContainText('Tunnel branch-ams-1');
  await expect(shown(page)).toContainText('Tunnel branch-ams-2');
  await page.getByLabel('Write the pre-shared key into the files').click();
  for (const { name } of [first, { name: 'branch-ams-2' }]) {
    await field(page, `Pre-shared key of ${name}`).fill(`${KEY} of ${name}`);
  }
  await page.getByRole('tab', { name: 'swanctl.conf' }).click();
  await files(page).getByRole('button', { name: 'Reveal pre-shared key' }).click();
  for (const { name } of [first, { name: 'branch-ams-2' }]) {
    await expect(shown(page)).toContainText(Buffer.from(`${KEY} of ${name}`).toString('base64'));
  }
});

test('it works by keyboard', async ({ page, desk }) => {
  await openTunnel(page, desk, SUITABLE);
  await field(page, 'Kind of router').focus();
  await tabTo(page, field(page, 'Interface to the internet'));
  await page.keyboard.type('eth0');
  await tabTo(page, tabs(page).first());
  await page.keyboard.press('ArrowRight');
  await expect(tabs(page).nth(1)).toBeFocused();
  await expect(tabs(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(tabs(page).last()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tabs(page).first()).toBeFocused();
  const download = page.waitForEvent('download');
  await tabTo(page, files(page).getByRole('button', { name: 'Download', exact: true }));
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe(await tabs(page).first().textContent());
});

test('the quick actions and a link show it', async ({ page, desk }) => {
  const tunnel = await openTunnel(page, desk, SUITABLE);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill('router configuration');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toBeFocused();
  await page.goto(`/accounts/${ACCOUNT.id}/ipsec-tunnels`);
  await page.getByRole('button', { name: `Actions for ${tunnel.name}` }).click();
  await page.getByRole('menuitem', { name: 'Router configuration' }).click();
  await expect(heading(page)).toBeFocused();
  await expect(heading(page)).toBeInViewport();
});

test('the section has no violation: empty, wrong, and with files', async ({ page, desk }) => {
  await openTunnel(page, desk);
  await expect(files(page)).toBeVisible();
  await expectNoViolations(page);
  await enterUplink(page, 'eth 0');
  await expectNoViolations(page);
  await enterUplink(page);
  await page.getByLabel('Write the pre-shared key into the files').click();
  await field(page, 'Pre-shared key').fill(KEY);
  for (const tab of await tabs(page).all()) {
    await tab.click();
    await expectNoViolations(page);
  }
});

test('at 360 px nothing scrolls sideways but the files', async ({ page, desk }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openTunnel(page, desk, { ...SUITABLE, name: 'a-name-that-somebody-has-made-much-longer-than-they-should' });
  await enterUplink(page);
  await page.getByLabel('Write the pre-shared key into the files').click();
  for (const tab of await tabs(page).all()) {
    await tab.click();
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  }
});

asSomebody(
  'a viewer has the files, sees why the tunnel cannot be changed, and that nothing is kept',
  async ({ page, desk, accessProxy }) => {
    const tunnel = await desk.createElsewhere(TUNNEL);
    await accessProxy.vouchFor(page, ['readers']);
    await page.goto(tunnelUrl(tunnel));
    await enterUplink(page);
    await expect(shown(page)).toContainText('Tunnel branch-ams-1');
    await expect(page.getByText('What you enter here is not kept')).toBeVisible();
    const button = advice(page).getByRole('button', { name: 'Change it to request' });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleDescription(/takes the operator role/);
    await button.click({ force: true });
    await expect(page.getByRole('heading', { level: 1, name: 'branch-ams-1' })).toBeVisible();
    expect(desk.responses.filter((response) => response.includes(' PUT '))).toEqual([]);
  },
);
