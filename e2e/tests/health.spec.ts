// What a person sees of the health of the tunnels: what is down, since when, and who touched it.

import type { Page } from '@playwright/test';
import { FORBIDDEN } from '@tunnel-desk/server/sandbox/injected-failures';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { type AccountHealth, accountHealthSchema, type HealthHistory } from '@tunnel-desk/shared/api/health';
import { API_PREFIX, generatePskPath, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { BUCKET_MINUTES, HISTORY_RANGES, RANGE_MINUTES } from '@tunnel-desk/shared/health/ranges';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { openTunnel, TUNNEL, tabTo, tunnelUrl } from '../support/tunnel-pages.ts';

const LIST = `/accounts/${ACCOUNT.id}/ipsec-tunnels`;
const MINUTE_MS = 60_000;

const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('rowheader') });
const card = (page: Page) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: 'Health', exact: true }) });

/** How many tunnels are down, as the desk itself has it. */
async function countDown(desk: Desk): Promise<number> {
  const { result } = await (await fetch(desk.url + API_PREFIX + tunnelHealthPath(ACCOUNT.id))).json();
  const health = accountHealthSchema.parse(result);
  if (health.kind !== 'known') throw new Error(`the health is ${health.kind}`);
  return health.tunnels.filter(({ state }) => state === 'down').length;
}

/** Has the desk tell this health of the account's tunnels. */
async function tellHealth(page: Page, health: AccountHealth): Promise<void> {
  await page.route('**/tunnel-health', (route) => route.fulfill({ json: successEnvelope(health) }));
}

test.describe('of a sandbox with 60 tunnels', () => {
  test.use({ seeded: 60 });

  test('the list and its title say what is down, and a click shows it', async ({ page, desk }) => {
    const down = await countDown(desk);
    expect(down).toBeGreaterThan(1);
    await page.goto(LIST);
    await expect(page).toHaveTitle(`(${down} down) IPsec tunnels · Tunnel Desk`);
    await page.getByRole('link', { name: `${down} down`, exact: true }).click();
    await expect(page).toHaveURL(`${LIST}?state=down`);
    await expect(rows(page)).toHaveCount(down);
    for (const row of await rows(page).all())
      await expect(row.getByRole('cell', { name: /^Down since/ })).toBeVisible();
    await expectNoViolations(page);
    await page.getByRole('combobox', { name: 'State' }).selectOption('healthy');
    await expect(page).toHaveURL(`${LIST}?state=healthy`);
    await expect(rows(page).first().getByRole('cell', { name: 'Healthy' })).toBeVisible();
    await page.goBack();
    await expect(rows(page)).toHaveCount(down);
    // On a tunnel's own page too.
    await page.getByRole('rowheader').first().getByRole('link').click();
    await page.getByRole('region', { name: 'The two ends' }).waitFor();
    await expect(page.getByText(/^Down since before/)).toBeVisible();
  });

  test('sorted by state, the worst come first, and the order is in the URL', async ({ page }) => {
    await page.goto(LIST);
    await page.getByRole('link', { name: /down$/ }).waitFor();
    await page.getByRole('button', { name: 'State', exact: true }).click();
    await expect(page).toHaveURL(`${LIST}?sort=state`);
    await expect(rows(page).first().getByRole('cell', { name: /^Down/ })).toBeVisible();
    await page.reload();
    await expect(rows(page).first().getByRole('cell', { name: /^Down/ })).toBeVisible();
    await page.getByRole('button', { name: 'State', exact: true }).click();
    await expect(rows(page).first().getByRole('cell', { name: 'Healthy' })).toBeVisible();
  });

  test('the list waits for no health, and what is filtered by it waits and says so', async ({ page, desk }) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    desk.failHealth({ kind: 'hold', until: released });
    await page.goto(LIST);
    await expect(page.getByText('60 tunnels')).toBeVisible();
    await expect(rows(page).first().getByRole('cell', { name: 'None' }).first()).toBeVisible();
    await page.getByRole('combobox', { name: 'State' }).selectOption('down');
    await expect(page.getByText('Reading the health of the tunnels…')).toBeVisible();
    release();
    await expect(rows(page).first().getByRole('cell', { name: /^Down/ })).toBeVisible();
  });

  test('without the permission a quiet line names it, and the rest works', async ({ page, desk }) => {
    desk.failHealth(FORBIDDEN);
    await page.goto(LIST);
    await expect(page.getByText(/permission Account Analytics Read\. The rest works\./)).toBeVisible();
    await expect(page).toHaveTitle('IPsec tunnels · Tunnel Desk');
    await expect(page.getByRole('combobox', { name: 'State' })).toHaveCount(0);
    await page.getByRole('rowheader').first().getByRole('link').click();
    await expect(card(page).getByText(/permission Account Analytics Read/)).toBeVisible();
    await expect(card(page).getByRole('radio')).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'The two ends' })).toBeVisible();
  });

  test('where Cloudflare fails, that is said, and a filter by state claims nothing', async ({ page, desk }) => {
    desk.failHealth({ kind: 'response', status: 502, body: 'bad gateway', handled: false });
    await page.goto(`${LIST}?state=down`);
    await expect(page.getByText(/^The health of the tunnels is not known: /)).toBeVisible();
    await expect(page.getByText('Which tunnels are in this state is not known.')).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
    await expect(rows(page).first()).toBeVisible();
  });

  test('at 360 px each card has its state', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${LIST}?sort=state`);
    await expect(
      page
        .getByRole('list', { name: 'Tunnels' })
        .getByRole('listitem')
        .first()
        .getByText(/^Down since/),
    ).toBeVisible();
    await expectNoViolations(page);
  });
});

test('a reading that failed says since when the states are, and leaves them there', async ({ page, desk }) => {
  await desk.createElsewhere(TUNNEL);
  await tellHealth(page, {
    kind: 'failed',
    checkedAt: '2026-11-30T02:20:00Z',
    reason: 'timed-out',
    lastKnown: {
      checkedAt: '2026-11-30T02:13:00Z',
      measuredAt: '2026-11-30T02:12:00Z',
      leftOut: [],
      tunnels: [
        { name: TUNNEL.name, state: 'down', score: 0, since: { at: '2026-11-28T10:00:00Z', precision: 'minute' } },
      ],
    },
  });
  await page.goto(LIST);
  await expect(page.getByText('The states are as of 02:13:00. At 02:20:00 they could not be read')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'Down since 28 Nov' })).toBeVisible();
  await expect(page).toHaveTitle('(1 down) IPsec tunnels · Tunnel Desk');
});

/** Opens a tunnel that went down a minute after its key was replaced from this desk, in two of six data centres. */
async function openBroken(page: Page, desk: Desk) {
  const tunnel = await desk.createElsewhere({ ...TUNNEL, psk: undefined });
  const response = await fetch(desk.url + API_PREFIX + generatePskPath(ACCOUNT.id, tunnel.id), { method: 'POST' });
  expect(response.ok).toBe(true);
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const start = now - 30 * MINUTE_MS;
  const healthy = Array.from({ length: 60 }, () => 1);
  const broken = healthy.map((_, index) => (index <= 30 ? 1 : 0));
  const history: Omit<HealthHistory, 'range' | 'bucketMinutes'> = {
    checkedAt: new Date(now).toISOString(),
    name: tunnel.name,
    start: new Date(start).toISOString(),
    locations: ['AMS', 'ARN', 'CDG', 'FRA', 'LHR', 'MAD'].map((code, index) => ({
      code,
      score: index < 2 ? 0.5 : 1,
      buckets: index < 2 ? broken : healthy,
    })),
    everywhere: healthy,
    isCutShort: true,
    firstMeasuredAt: new Date(start).toISOString(),
  };
  await page.route('**/tunnel-health/history?*', (route) => {
    const named = new URL(route.request().url()).searchParams.get('range');
    const range = HISTORY_RANGES.find((each) => each === named) ?? 'hour';
    const count = RANGE_MINUTES[range] / BUCKET_MINUTES[range];
    const ofRange = (buckets: readonly (number | null)[]) => [...buckets, ...Array(count).fill(null)].slice(0, count);
    return route.fulfill({
      json: successEnvelope({
        kind: 'known',
        ...history,
        range,
        bucketMinutes: BUCKET_MINUTES[range],
        locations: history.locations.map((each) => ({ ...each, buckets: ofRange(each.buckets) })),
        everywhere: ofRange(history.everywhere),
      }),
    });
  });
  await page.goto(tunnelUrl(tunnel));
  await page.getByRole('slider', { name: 'Moment' }).waitFor();
}

test('the strips, and what was done to the tunnel, are one look', async ({ page, desk }) => {
  await openBroken(page, desk);
  const health = card(page);
  const events = health.getByRole('list', { name: 'What happened' }).getByRole('listitem');
  await expect(events).toHaveText([/Became degraded$/, /A.* generated a key for it$/]);
  // The mark stands where the state turns.
  const strip = await health.locator('rect[data-state=down]').nth(1).boundingBox();
  const mark = await health.getByRole('slider').getByText('A', { exact: true }).boundingBox();
  expect(Math.abs((mark?.x ?? 0) - (strip?.x ?? 0))).toBeLessThan(60);
  await expect(health.getByText('CDG', { exact: true })).toBeVisible();
  await expect(health.getByText('MAD', { exact: true })).toBeHidden();
  await health.getByRole('button', { name: 'Show 2 more: 2 healthy' }).click();
  await expect(health.getByText('MAD', { exact: true })).toBeVisible();
  await expect(
    health.getByText(/Nothing was measured under this name before .* The tunnel was created then\./),
  ).toBeVisible();
  await expect(health.getByText(/The oldest part is left out/)).toBeVisible();
  await expect(health.getByText('Times are your own (UTC), in steps of a minute.')).toBeVisible();
  await expectNoViolations(page);
  await events.getByRole('link').click();
  await expect(page).toHaveURL(/\/activity\?.*entry=\d+/);
});

test('moments, range and table are within reach of the keyboard and of a pointer', async ({ page, desk }) => {
  await openBroken(page, desk);
  const health = card(page);
  const slider = health.getByRole('slider', { name: 'Moment' });
  await tabTo(page, slider);
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /: All data centres healthy, AMS healthy/);
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute(
    'aria-valuetext',
    /: All data centres degraded, AMS down, ARN down, CDG healthy/,
  );
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuenow', '58');
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the strips are not there');
  await page.mouse.move(box.x + 0.76 * box.width, box.y + 30);
  await expect(slider).toHaveAttribute('aria-valuenow', '45');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(health.getByRole('radio', { name: 'Last hour' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\?health=day$/);
  await expect(health.getByText('in steps of 15 minutes')).toBeVisible();
  await page.reload();
  await expect(health.getByRole('radio', { name: 'Last day' })).toBeChecked();
  await health.getByText('As a table').focus();
  await page.keyboard.press('Enter');
  const table = health.getByRole('table', { name: `Health of ${TUNNEL.name}, last day` });
  await expect(table.getByRole('rowheader', { name: 'AMS' })).toHaveCount(3);
  await expect(table.getByRole('cell', { name: 'Down' })).toHaveCount(2);
  await expectNoViolations(page);
});

test('another range asks nothing, and loses nothing of a tunnel that was just created', async ({ page }) => {
  const questions: string[] = [];
  page.on('dialog', async (dialog) => {
    questions.push(dialog.message());
    await dialog.accept();
  });
  await page.goto(`${LIST}/new`);
  await page.getByLabel('Name', { exact: true }).fill('branch-new');
  await page.getByRole('combobox', { name: 'Cloudflare endpoint' }).fill('198.51.100.1');
  await page.getByLabel('Interface address', { exact: true }).fill('10.0.0.0/31');
  await page.getByText('Generate one here').click();
  await page.getByRole('button', { name: 'Create tunnel' }).first().click();
  await page.getByRole('heading', { name: 'branch-new was created' }).waitFor();
  await card(page).getByText('Last week').click();
  await expect(page).toHaveURL(/\?health=week$/);
  await expect(page.getByRole('heading', { name: 'branch-new was created' })).toBeVisible();
  expect(questions).toEqual([]);
});

test('a session that is down while the tunnel works comes with what to check on the router', async ({ page, desk }) => {
  await tellHealth(page, {
    kind: 'known',
    checkedAt: new Date().toISOString(),
    measuredAt: new Date().toISOString(),
    leftOut: [],
    tunnels: [{ name: TUNNEL.name, state: 'healthy', score: 1 }],
  });
  await page.route('**/magic/ipsec_tunnels/*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.result.ipsec_tunnel.bgp_status = {
      state: 'BGP_DOWN',
      tcp_established: false,
      updated_at: '2026-11-30T02:14:00Z',
    };
    await route.fulfill({ response, json: body });
  });
  await openTunnel(page, desk);
  const checks = page.getByRole('region', { name: 'What to check' });
  await expect(checks.getByRole('listitem')).toHaveCount(5);
  await expect(checks.getByText('ping -c 3 -I 10.0.0.1 10.0.0.0', { exact: true })).toBeVisible();
  await expect(checks.getByText("Cloudflare's side is AS 13335, and yours AS 65001")).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await expectNoViolations(page);
});
