import type { Page } from '@playwright/test';
import type { AccountHealth, TunnelHealth } from '@tunnel-desk/shared/api/health';
import { ipsecTunnelPath, routesPath } from '@tunnel-desk/shared/api/paths';
import type { RouterKind } from '@tunnel-desk/shared/routers/kinds';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { test as asSomebody } from '../support/signed-in-desk.ts';
import { openTunnel, saveButton, TUNNEL, tunnelUrl } from '../support/tunnel-pages.ts';

/** From now on the desk tells this page that the tunnel has this state; with measurements of others it is unknown. */
async function tellHealth(page: Page, health: Partial<TunnelHealth>): Promise<void> {
  const result: AccountHealth = {
    kind: 'known',
    checkedAt: new Date().toISOString(),
    tunnels: [{ name: TUNNEL.name, state: 'down', score: 0, ...health }],
    leftOut: [],
  };
  await page.route('**/tunnel-health', (route) =>
    route.fulfill({ json: { success: true, errors: [], messages: [], result } }),
  );
}

/** From now on the desk tells this page that this kind of router is kept for every tunnel. */
async function tellRouter(page: Page, tunnelId: string, kind: RouterKind): Promise<void> {
  const settings = {
    kind,
    isBehindNat: false,
    lanPrefixes: [],
    routing: 'static',
    remotePrefixes: [],
    proposals: 'strongest',
  };
  await page.route('**/router-settings', (route) =>
    route.fulfill({ json: { success: true, errors: [], messages: [], result: [{ tunnelId, settings }] } }),
  );
}

const sectionOf = (page: Page, title = 'Why is it down?') =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title }) });
const causesOf = (page: Page) => sectionOf(page).getByRole('list', { name: 'Likely causes' }).locator('> li');

test('a tunnel without a key is down for that, and the button gives it one', async ({ page, desk }) => {
  await tellHealth(page, {});
  await openTunnel(page, desk, { psk: undefined });
  await expect(causesOf(page)).toHaveCount(1);
  await expect(causesOf(page)).toContainText('CertainIt has no pre-shared key');
  await expect(causesOf(page).getByRole('list', { name: 'Evidence' })).toHaveText('Pre-shared key: none');
  await expectNoViolations(page);
  await causesOf(page).getByRole('button', { name: 'Give it a key' }).click();
  await expect(page.getByRole('dialog', { name: 'Set a key for branch-ams-1' })).toBeVisible();
});

test('the causes are in the order of how certain they are, and a fix opens the form with it', async ({
  page,
  desk,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  desk.respondUpstream(routesPath(ACCOUNT.id), {
    result: { routes: [{ id: 'a', prefix: '10.9.0.0/16', nexthop: '10.0.0.0' }] },
  });
  await tellHealth(page, { state: 'down' });
  const tunnel = await openTunnel(page, desk, { psk: undefined });
  await tellRouter(page, tunnel.id, 'linux');
  await page.reload();
  await expect(causesOf(page)).toHaveCount(3);
  await expect(causesOf(page).nth(0)).toContainText('no pre-shared key');
  await expect(causesOf(page).nth(1)).toContainText("points at 10.0.0.0, which it has for Cloudflare's own side");
  const reply = causesOf(page).nth(2);
  await expect(reply).toContainText('Linux drops such probes');
  await reply.getByRole('button', { name: 'Copy the command' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('sysctl -a --pattern accept_local');
  const looks = sectionOf(page).getByText('What to look at on the router, Linux (strongSwan and FRR)');
  await looks.click();
  await expect(sectionOf(page).getByText('swanctl --list-sas')).toBeVisible();
  await expectNoViolations(page);
  await reply.getByRole('button', { name: 'Change it to request' }).click();
  await expect(page.getByText('You came here to put something right.')).toBeVisible();
  await expect(field(page, 'Health check type')).toHaveValue('request');
  await saveButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  expect((await desk.tunnels())[0]?.health_check?.type).toBe('request');
});

test('a key that was replaced right before it went down is told with both moments', async ({ page, desk }) => {
  await openTunnel(page, desk);
  await page.getByRole('button', { name: 'Rotate key' }).click();
  await page.getByRole('button', { name: 'Replace the key' }).click();
  await page.getByRole('button', { name: 'Reveal new pre-shared key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await tellHealth(page, { since: { at: new Date().toISOString(), precision: 'minute' } });
  await page.reload();
  await expect(causesOf(page).first()).toContainText(
    /LikelyIt went down at \d+:\d\d.*, and its key was replaced at \d+:\d\d.* by .+\. The router needs the same key\./,
  );
});

test('where nothing explains it, the router is to be looked at', async ({ page, desk }) => {
  await tellHealth(page, { state: 'degraded' });
  const tunnel = await openTunnel(page, desk, { bgp: undefined });
  const section = sectionOf(page, 'Why is it degraded?');
  await expect(section).toContainText('Nothing that is known here explains it.');
  await section.getByRole('button', { name: 'Choose it' }).click();
  await expect(page.getByRole('heading', { name: 'Router', exact: true })).toBeFocused();
  await tellRouter(page, tunnel.id, 'ios-xe');
  await page.reload();
  await expect(section.getByText('show crypto ikev2 sa detailed')).toBeVisible();
});

test('what could not be read is said, and nothing is concluded from it', async ({ page, desk }) => {
  desk.respondUpstream(routesPath(ACCOUNT.id), { status: 403, code: 10_000 });
  await tellHealth(page, {});
  await openTunnel(page, desk);
  await expect(sectionOf(page)).toContainText(
    'This could not be read, so nothing was concluded from it: the static routes.',
  );
});

test('a tunnel without measurements is asked about too, and a healthy one is not', async ({ page, desk }) => {
  await tellHealth(page, { name: 'another' });
  const tunnel = await openTunnel(page, desk, { bgp: undefined });
  await expect(sectionOf(page, 'Why is nothing measured?')).toBeVisible();
  await page.unroute('**/tunnel-health');
  await tellHealth(page, { state: 'healthy', score: 1 });
  await page.goto(tunnelUrl(tunnel));
  await expect(page.getByRole('heading', { name: 'Health', exact: true })).toBeVisible();
  await expect(page.getByText('Healthy').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Why is/ })).toHaveCount(0);
});

test('BGP that is down on a healthy tunnel is asked about', async ({ page, desk }) => {
  await tellHealth(page, { state: 'healthy', score: 1 });
  const tunnel = await desk.createElsewhere(TUNNEL);
  await page.route(`**${ipsecTunnelPath(ACCOUNT.id, tunnel.id)}`, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.result.ipsec_tunnel.bgp_status = { state: 'BGP_DOWN', tcp_established: false };
    await route.fulfill({ response, json: body });
  });
  await page.goto(tunnelUrl(tunnel));
  const section = sectionOf(page, 'Why is BGP down?');
  await expect(section).toContainText('The tunnel works, but its BGP session is not up.');
  await expect(section).toContainText('BGP state: BGP_DOWN');
});

asSomebody('a viewer sees the causes, and why the buttons are off', async ({ page, desk, accessProxy }) => {
  const tunnel = await desk.createElsewhere({ ...TUNNEL, psk: undefined });
  await accessProxy.vouchFor(page, ['readers']);
  await tellHealth(page, {});
  await page.goto(tunnelUrl(tunnel));
  const button = causesOf(page).getByRole('button', { name: 'Give it a key' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleDescription(/takes the operator role/);
  await button.click({ force: true });
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
