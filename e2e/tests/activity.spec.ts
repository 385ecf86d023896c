import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { auditPageSchema, exportedEntrySchema } from '@tunnel-desk/shared/api/audit';
import { type Envelope, envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import {
  API_PREFIX,
  AUDIT_PATH,
  generatePskPath,
  ipsecTunnelPath,
  ipsecTunnelsPath,
} from '@tunnel-desk/shared/api/paths';
import { createdTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, test as deskTest, expect } from '../support/desk.ts';
import { OTHER_ACCOUNT, test as signedInTest } from '../support/signed-in-desk.ts';

const PSK = 'a-pre-shared-key-of-this-test';
const BRANCH = {
  name: 'branch-ams-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  description: 'Amsterdam',
  health_check: { direction: 'bidirectional' },
  psk: PSK,
};

/** Calls the API as the page does, whoever is signed in to it. */
async function call(page: Page, method: string, path: string, body?: object): Promise<Envelope> {
  const response = await page.evaluate(
    async ({ method, path, body }) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })).json();
    },
    { method, path, body },
  );
  return envelopeSchema.parse(response);
}

async function create(page: Page, tunnel: object, accountId = ACCOUNT.id): Promise<string> {
  const { result } = await call(page, 'POST', API_PREFIX + ipsecTunnelsPath(accountId), tunnel);
  return createdTunnelSchema.parse(result).id;
}

async function validate(page: Page, tunnel: object, accountId = ACCOUNT.id): Promise<void> {
  await call(page, 'POST', `${API_PREFIX + ipsecTunnelsPath(accountId)}?validate_only=true`, tunnel);
}

/** A tunnel that was created, changed, given a key and deleted, in that order. */
async function liveAndDie(page: Page): Promise<string> {
  await page.goto('/activity');
  const id = await create(page, BRANCH);
  const path = API_PREFIX + ipsecTunnelPath(ACCOUNT.id, id);
  await call(page, 'PUT', path, { ...BRANCH, interface_address: '10.0.0.2/31' });
  await call(page, 'POST', API_PREFIX + generatePskPath(ACCOUNT.id, id), {});
  await call(page, 'DELETE', path);
  return id;
}

async function openActivity(page: Page, query = ''): Promise<void> {
  await page.goto(`/activity${query}`);
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /As of/ })).toBeVisible();
}

function entries(page: Page): Locator {
  return page.getByRole('list', { name: 'Entries' }).locator(':scope > li');
}

function entry(page: Page, text: string): Locator {
  return entries(page).filter({ hasText: text });
}

function detailsButton(line: Locator): Locator {
  return line.getByRole('button', { name: /, details$/ });
}

function filters(page: Page): Locator {
  return page.getByRole('search', { name: 'Filters' });
}

function chip(page: Page, words: string): Locator {
  return page.getByRole('button', { name: `Remove filter ${words}` });
}

const test = deskTest;

test('says who did what to a tunnel, from what to what, and how it ended', async ({ page }) => {
  const id = await liveAndDie(page);
  await openActivity(page);
  await expect(entries(page)).toHaveCount(4);
  await expect(entries(page).nth(0)).toContainText("Local operator: only this person's entriesdeletedbranch-ams-1");
  await expect(entries(page).nth(1)).toContainText('generated a key for');
  await expect(entries(page).nth(2)).toContainText('changed');
  await expect(entries(page).nth(3)).toContainText('created');
  // It is gone: no line links to it.
  await expect(entries(page).getByRole('link', { name: BRANCH.name })).toHaveCount(0);

  await detailsButton(entries(page).nth(2)).click();
  await expect(page).toHaveURL(/\/activity\?entry=2$/);
  const changed = entries(page).nth(2);
  await expect(changed.getByRole('definition').filter({ hasText: 'became' })).toHaveText(
    '10.0.0.0/31 → became 10.0.0.2/31',
  );
  await expect(changed.getByText('Description')).toBeHidden();
  await expect(changed).toContainText('A pre-shared key was sent with it. The key itself is recorded nowhere.');
  await expect(changed.getByRole('button', { name: 'Copy Request ID' })).toBeVisible();
  await expect(changed.getByRole('button', { name: 'Copy Cloudflare ray' })).toBeVisible();

  await detailsButton(entries(page).nth(0)).click();
  const deleted = entries(page).nth(0);
  await expect(deleted).toContainText('What it was');
  await expect(deleted.getByRole('definition').filter({ hasText: '10.0.0.2/31' })).toBeVisible();
  await expect(deleted.getByRole('link', { name: 'Recreate it…' })).toHaveAttribute(
    'href',
    `/accounts/${ACCOUNT.id}/ipsec-tunnels/new?recreate=4`,
  );
  await expect(deleted).toContainText(id);
  await expect(changed.getByText('became')).toBeHidden();
  expect(await page.content()).not.toContain(PSK);
});

test('can be filtered and read by keyboard alone', async ({ page }) => {
  await liveAndDie(page);
  await openActivity(page);
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeFocused();
  const tabTo = async (target: Locator) => {
    for (let stops = 0; stops < 60; stops++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error('it is not reached by Tab');
  };
  await tabTo(filters(page).getByLabel('Tunnel'));
  await page.keyboard.type(BRANCH.name);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/activity?tunnel=${BRANCH.name}`);
  await expect(filters(page).getByLabel('Tunnel')).toBeFocused();
  await tabTo(filters(page).getByLabel('Action'));
  await page.keyboard.type('Change');
  await expect(page).toHaveURL(`/activity?tunnel=${BRANCH.name}&action=update`);
  await expect(entries(page)).toHaveCount(1);
  await tabTo(detailsButton(entries(page).first()));
  await page.keyboard.press('Enter');
  await expect(page.getByText('10.0.0.2/31')).toBeVisible();
  await expect(detailsButton(entries(page).first())).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Space');
  await expect(page.getByText('10.0.0.2/31')).toBeHidden();

  await page.evaluate(() => document.querySelector('h1')?.focus());
  await tabTo(chip(page, 'Action: Change'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/activity?tunnel=${BRANCH.name}`);
  await expect(page.getByRole('region', { name: 'Filters in use' })).toBeFocused();
  await expect(entries(page)).toHaveCount(4);
});

test('keeps its filters in the URL: they survive a reload, and are steps to go back by', async ({ page }) => {
  const id = await liveAndDie(page);
  await validate(page, { ...BRANCH, name: 'branch-par-2' });
  await create(page, { ...BRANCH, name: 'branch-rom-3', interface_address: 'wrong' }).catch(() => undefined);
  await openActivity(page);
  await expect(entries(page)).toHaveCount(5);
  await entry(page, 'generated a key')
    .getByRole('button', { name: `Only entries of ${BRANCH.name}` })
    .click();
  await expect(page).toHaveURL(`/activity?tunnel_id=${id}`);
  await expect(entries(page)).toHaveCount(4);
  await entry(page, 'deleted')
    .getByRole('button', { name: /^Deleted/ })
    .click();
  await expect(page).toHaveURL(`/activity?tunnel_id=${id}&outcome=deleted`);
  await expect(entries(page)).toHaveCount(1);
  await filters(page).getByLabel('Time').selectOption('The last hour');
  await entries(page)
    .first()
    .getByRole('button', { name: /^Local operator/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`\\?person=local&tunnel_id=${id}&outcome=deleted&since=[^&]+$`));

  await page.reload();
  await expect(entries(page)).toHaveCount(1);
  await expect(filters(page).getByLabel('Person')).toHaveValue('local');
  await expect(filters(page).getByLabel('Tunnel')).toHaveValue(id);
  await expect(filters(page).getByLabel('Outcome')).toHaveValue('deleted');
  await expect(chip(page, 'Person: Local operator')).toBeVisible();
  await expect(chip(page, 'From')).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`\\?tunnel_id=${id}&outcome=deleted&since=`));
  await chip(page, 'From').click();
  await chip(page, 'Outcome: Deleted').click();
  await expect(page).toHaveURL(`/activity?tunnel_id=${id}`);
  await expect(entries(page)).toHaveCount(4);

  await filters(page).getByLabel('Tunnel').fill('branch-that-never-was');
  await filters(page).getByLabel('Tunnel').blur();
  await expect(page.getByText('No entry that you may see matches these filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove all filters' }).click();
  await expect(page).toHaveURL('/activity');
  await expect(entries(page)).toHaveCount(5);
});

test('filters by a time that is typed, in the person’s own zone', async ({ page }) => {
  await liveAndDie(page);
  await openActivity(page, '?since=2026-01-01');
  await expect(entries(page)).toHaveCount(4);
  await expect(filters(page).getByLabel('From')).toHaveValue('2026-01-01T00:00');
  await filters(page).getByLabel('Before').fill('2026-01-02T10:30');
  await filters(page).getByLabel('Before').press('Enter');
  await expect(page).toHaveURL('/activity?since=2026-01-01T00%3A00%3A00.000Z&until=2026-01-02T10%3A30%3A00.000Z');
  await expect(page.getByText('No entry that you may see matches these filters.')).toBeVisible();
});

test('shows an outcome that is not known at its strongest, and what was found by looking', async ({ page, desk }) => {
  await page.goto('/activity');
  desk.failUpstream({ kind: 'reset', handled: true });
  await create(page, BRANCH);
  desk.failUpstream({ kind: 'reset', handled: false });
  desk.failLists(true);
  await call(page, 'POST', API_PREFIX + ipsecTunnelsPath(ACCOUNT.id), { ...BRANCH, name: 'branch-lost' });
  await openActivity(page);
  await expect(entry(page, 'branch-lost')).toContainText('tried to create');
  await expect(entry(page, 'branch-lost')).toContainText('Not known');
  await expect(entry(page, BRANCH.name)).toContainText('found by looking');
  // What exists can be opened from here.
  const link = entry(page, BRANCH.name).getByRole('link', { name: BRANCH.name });
  await expect(link).toHaveAttribute('href', new RegExp(`^/accounts/${ACCOUNT.id}/ipsec-tunnels/[0-9a-f]{32}$`));
});

test('opens the entry of a link, even where the list does not have it', async ({ page }) => {
  await liveAndDie(page);
  await openActivity(page, '?action=delete&entry=2');
  const linked = page.getByRole('region', { name: 'Entry 2' });
  await expect(linked).toContainText('10.0.0.2/31');
  await openActivity(page, '?entry=999');
  await expect(page.getByRole('region', { name: 'Entry 999' })).toContainText('There is no such entry');
});

test('says so where nothing has been done yet, and where it cannot be read', async ({ page, desk }) => {
  await openActivity(page);
  await expect(page.getByText('No activity yet.')).toBeVisible();
  await page.route(`**${AUDIT_PATH}?*`, (route) => route.abort());
  await page.goto('/activity?person=ann');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText("The activity can't be shown just now.");
  await expect(alert).toContainText("This page can't reach its server.");
  await page.unroute(`**${AUDIT_PATH}?*`);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('No entry that you may see matches these filters.')).toBeVisible();
  expect(desk.responses.some((response) => response.includes(AUDIT_PATH))).toBe(true);
});

test.describe('a long trail', () => {
  const MANY = 320;
  test.use({ environment: { RATE_LIMIT_PER_MINUTE: '0' } });

  async function fill(page: Page): Promise<void> {
    await page.goto('/activity');
    await page.evaluate(
      async ({ path, many, branch }) => {
        const headers = { 'content-type': 'application/json' };
        for (let index = 0; index < many; index++) {
          const body = JSON.stringify({ ...branch, name: `branch-${index % 2 === 0 ? 'even' : 'odd'}` });
          await fetch(path, { method: 'POST', headers, body });
        }
      },
      { path: `${API_PREFIX + ipsecTunnelsPath(ACCOUNT.id)}?validate_only=true`, many: MANY, branch: BRANCH },
    );
  }

  test('goes on as one scrolls, to its very first entry', async ({ page }) => {
    await fill(page);
    await openActivity(page);
    await expect(page.getByRole('status')).toContainText('The newest 50 entries; older ones load as you scroll.');
    await expect(entries(page)).toHaveCount(50);
    await page.mouse.move(400, 600);
    await expect(async () => {
      await page.mouse.wheel(0, 4000);
      expect(await entries(page).count()).toBe(MANY);
    }).toPass();
    await expect(page.getByRole('status')).toContainText(`${MANY} entries.`);
    await expect(page.getByRole('button', { name: 'Show older entries' })).toBeHidden();
    await detailsButton(entries(page).last()).click();
    await expect(page).toHaveURL('/activity?entry=1');
  });

  test('is downloaded as it is filtered', async ({ page }) => {
    await fill(page);
    await openActivity(page, '?tunnel=branch-odd');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download NDJSON' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('audit.ndjson');
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n');
    const downloaded = lines.map((line) => exportedEntrySchema.parse(JSON.parse(line)));
    const { result } = await call(page, 'GET', `${AUDIT_PATH}?tunnel=branch-odd&limit=200`);
    expect(downloaded.map(({ id }) => id)).toEqual(auditPageSchema.parse(result).entries.map(({ id }) => id));
    expect(downloaded).toHaveLength(MANY / 2);
  });
});

signedInTest('a viewer sees their own entries, and is told so', async ({ page, accessProxy }) => {
  const bob = { sub: 'bob', name: 'Bob' };
  await accessProxy.vouchFor(page, ['net-ops'], bob);
  await page.goto('/activity');
  await validate(page, { ...BRANCH, name: 'branch-of-bob' });
  await accessProxy.vouchFor(page, ['readers']);
  await validate(page, { ...BRANCH, name: 'branch-of-ann' });
  await openActivity(page);
  await expect(page.getByText("These are your own entries. An account's operators see everybody's.")).toBeVisible();
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText('branch-of-ann');
  await filters(page).getByLabel('Person').fill('bob');
  await filters(page).getByLabel('Person').press('Enter');
  await expect(page.getByText('No entry that you may see matches these filters.')).toBeVisible();

  await accessProxy.vouchFor(page, ['net-ops']);
  await openActivity(page);
  await expect(entries(page)).toHaveCount(2);
});

signedInTest('an operator here and viewer there is told whose entries they see', async ({ page, accessProxy }) => {
  const bob = { sub: 'bob', name: 'Bob' };
  await accessProxy.vouchFor(page, ['net-ops'], bob);
  await page.goto('/activity');
  await validate(page, { ...BRANCH, name: 'bob-in-production' });
  await validate(page, { ...BRANCH, name: 'bob-in-lab' }, OTHER_ACCOUNT.id);
  await accessProxy.vouchFor(page, ['readers', 'lab-ops']);
  await openActivity(page);
  await expect(
    page.getByText("You see everybody's entries in Acme lab, and your own in Acme production."),
  ).toBeVisible();
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText('bob-in-lab');
  await filters(page).getByLabel('Account').selectOption(ACCOUNT.label);
  await expect(page.getByText('No entry that you may see matches these filters.')).toBeVisible();
});

for (const width of [360, 1280]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 800 } });

    test('has no violation, and nothing scrolls sideways', async ({ page, desk }) => {
      await liveAndDie(page);
      await create(page, { ...BRANCH, name: 'x'.repeat(300), bgp: { customer_asn: 65001, md5_key: 'hush' } });
      await call(page, 'POST', API_PREFIX + ipsecTunnelsPath(ACCOUNT.id), { ...BRANCH, name: 'x'.repeat(300) });
      desk.failUpstream({ kind: 'reset', handled: true });
      await create(page, { ...BRANCH, name: 'branch-found', interface_address: '10.0.0.8/31' });
      desk.failUpstream({ kind: 'reset', handled: false });
      desk.failLists(true);
      await call(page, 'POST', API_PREFIX + ipsecTunnelsPath(ACCOUNT.id), { ...BRANCH, name: 'branch-lost' });
      for (const query of [
        '',
        '?entry=2',
        '?entry=4&since=2026-01-01&person=local',
        '?entry=5',
        '?entry=7&action=delete',
      ]) {
        await openActivity(page, query);
        await expect(entries(page).first()).toBeVisible();
        await expectNoViolations(page);
        const { scrollWidth, clientWidth } = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return { scrollWidth, clientWidth };
        });
        expect(scrollWidth, query).toBeLessThanOrEqual(clientWidth);
      }
    });
  });
}
