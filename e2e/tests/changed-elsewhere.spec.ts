// What a person sees of tunnels that were changed, made or deleted elsewhere, and what they can do about it.

import type { Page } from '@playwright/test';
import { driftSchema } from '@tunnel-desk/shared/api/drift';
import { API_PREFIX, acceptDriftPath, driftPath, ipsecTunnelPath } from '@tunnel-desk/shared/api/paths';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { test as signedInTest } from '../support/signed-in-desk.ts';
import { changeList, saveButton, TUNNEL, tunnelUrl } from '../support/tunnel-pages.ts';

const LIST = `/accounts/${ACCOUNT.id}/ipsec-tunnels`;
const OTHER = {
  ...TUNNEL,
  name: 'branch-ber-1',
  customer_endpoint: '192.88.99.20',
  interface_address: '10.0.0.2/31',
};
/** As somebody makes the first tunnel elsewhere. */
const CHANGED = {
  ...TUNNEL,
  customer_endpoint: '192.88.99.77',
  health_check: { ...TUNNEL.health_check, rate: 'high' },
};

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name }) });
const card = (page: Page, title = 'Changed elsewhere') =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

/** The desk takes what there is for known. */
async function compareFirst(desk: Desk): Promise<void> {
  const { result } = await (await fetch(desk.url + API_PREFIX + driftPath(ACCOUNT.id))).json();
  expect(driftSchema.parse(result)).toMatchObject({ isComplete: true, tunnels: [] });
}

/** Has the desk read the list anew, as it does 30 s later by itself: somebody accepts what is not there. */
async function lookAnew(desk: Desk, { id }: IpsecTunnel, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(desk.url + API_PREFIX + acceptDriftPath(ACCOUNT.id, id), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ state: 'no such state' }),
  });
  expect(response.status).toBe(412);
}

/** A tunnel that the desk knows, and that somebody has changed elsewhere since. */
async function changeElsewhere(desk: Desk): Promise<IpsecTunnel> {
  const tunnel = await desk.createElsewhere(TUNNEL);
  await compareFirst(desk);
  await desk.updateElsewhere(tunnel.id, CHANGED);
  await lookAnew(desk, tunnel);
  return tunnel;
}

async function openChanged(page: Page, desk: Desk): Promise<IpsecTunnel> {
  const tunnel = await changeElsewhere(desk);
  await page.goto(tunnelUrl(tunnel));
  await card(page).waitFor();
  return tunnel;
}

async function isDrifted(desk: Desk): Promise<boolean> {
  const { result } = await (await fetch(desk.url + API_PREFIX + driftPath(ACCOUNT.id))).json();
  return driftSchema.parse(result).tunnels.length > 0;
}

test('the list marks what was changed and made elsewhere, counts it, and filters by it', async ({ page, desk }) => {
  const tunnel = await desk.createElsewhere(TUNNEL);
  const untouched = await desk.createElsewhere(OTHER);
  await compareFirst(desk);
  await desk.updateElsewhere(tunnel.id, CHANGED);
  await desk.createElsewhere({ ...TUNNEL, name: 'branch-new-1', interface_address: '10.0.0.4/31' });
  await lookAnew(desk, tunnel);
  await page.goto(LIST);
  await expect(row(page, TUNNEL.name).getByText('Changed elsewhere')).toBeVisible();
  await expect(row(page, 'branch-new-1').getByText('Made elsewhere')).toBeVisible();
  await expect(row(page, untouched.name).getByText('elsewhere')).toHaveCount(0);
  await expectNoViolations(page);
  await page.getByRole('link', { name: '1 changed elsewhere' }).click();
  await expect(page).toHaveURL(`${LIST}?elsewhere=changed`);
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Elsewhere' }).selectOption('made');
  await expect(row(page, 'branch-new-1')).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.reload();
  await expect(row(page, 'branch-new-1')).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.goBack();
  await expect(row(page, TUNNEL.name)).toBeVisible();
});

test('where it cannot be read, one line says so, and a filter by it claims nothing', async ({ page, desk }) => {
  await desk.createElsewhere(TUNNEL);
  await page.route('**/drift', (route) => route.fulfill({ status: 500, body: 'no' }));
  await page.goto(`${LIST}?elsewhere=changed`);
  await expect(page.getByText(/^What was changed elsewhere is not known/)).toBeVisible();
  await expect(page.getByText('Which tunnels were changed elsewhere is not known.')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await row(page, TUNNEL.name).getByRole('link').click();
  await expect(page.getByText(/^Whether this tunnel was changed elsewhere is not known/)).toBeVisible();
});

test('the page of a tunnel tells each change, and how the desk knew it; accepting takes the badge away', async ({
  page,
  desk,
}) => {
  const tunnel = await changeElsewhere(desk);
  await page.goto(LIST);
  await row(page, TUNNEL.name).getByText('Changed elsewhere').waitFor();
  await row(page, TUNNEL.name).getByRole('link').click();
  const changes = card(page).getByRole('list', { name: 'What was changed elsewhere' });
  await expect(changes.getByRole('listitem')).toHaveText([
    /Customer endpoint.*192\.88\.99\.10.*192\.88\.99\.77/,
    /Health check rate.*medium.*high/,
  ]);
  await expect(card(page).getByText(/^It is not as this desk first saw it on /)).toBeVisible();
  await expectNoViolations(page);
  await card(page).getByRole('button', { name: 'Accept' }).click();
  await expect(
    page.getByRole('status').filter({ hasText: `Accepted: this desk now knows ${tunnel.name}` }),
  ).toBeVisible();
  await expect(card(page)).toHaveCount(0);
  await page.goBack();
  await row(page, TUNNEL.name).waitFor();
  await expect(page.getByText('Changed elsewhere')).toHaveCount(0);
  await page.reload();
  await row(page, TUNNEL.name).waitFor();
  expect(await isDrifted(desk)).toBe(false);
  await expect(page.getByText('Changed elsewhere')).toHaveCount(0);
  await page.goto('/activity');
  await expect(page.getByText(/accepted/).first()).toBeVisible();
});

test('restoring opens the form with what was known, says what stops, and is no difference once saved', async ({
  page,
  desk,
}) => {
  const tunnel = await openChanged(page, desk);
  await card(page).getByRole('button', { name: 'Restore…' }).click();
  await heading(page, `Edit ${tunnel.name}`).waitFor();
  await expect(page.getByText(/as this desk knew it in this form/)).toBeVisible();
  await expect(field(page, 'Customer endpoint')).toHaveValue(TUNNEL.customer_endpoint);
  await expect(changeList(page).getByRole('listitem').first()).toContainText('192.88.99.77');
  await expect(changeList(page)).toContainText(
    'The tunnel carries no traffic until the router uses the new endpoints.',
  );
  // What was done elsewhere stays until it is saved.
  expect((await desk.tunnels())[0]?.customer_endpoint).toBe('192.88.99.77');
  await saveButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save anyway' }).click();
  await heading(page, `${tunnel.name} was saved`).waitFor();
  await expect(card(page)).toHaveCount(0);
  const [now] = await desk.tunnels();
  expect(now).toMatchObject({ customer_endpoint: TUNNEL.customer_endpoint, health_check: { rate: 'mid' } });
  await lookAnew(desk, tunnel);
  expect(await isDrifted(desk)).toBe(false);
  await page.goto(LIST);
  await row(page, tunnel.name).waitFor();
  await expect(page.getByText('Changed elsewhere')).toHaveCount(0);
});

test('restoring takes away what was added elsewhere, and survives a reload of the form', async ({ page, desk }) => {
  const { customer_endpoint: _, bgp: __, ...plain } = TUNNEL;
  const tunnel = await desk.createElsewhere(plain);
  await compareFirst(desk);
  await desk.updateElsewhere(tunnel.id, TUNNEL);
  await lookAnew(desk, tunnel);
  await page.goto(tunnelUrl(tunnel));
  await card(page).getByRole('button', { name: 'Restore…' }).click();
  await heading(page, `Edit ${tunnel.name}`).waitFor();
  await expect(field(page, 'Customer endpoint')).toHaveValue('');
  await page.reload();
  await heading(page, `Edit ${tunnel.name}`).waitFor();
  await expect(field(page, 'Customer endpoint')).toHaveValue('');
  await saveButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save anyway' }).click();
  await heading(page, `${tunnel.name} was saved`).waitFor();
  const [now] = await desk.tunnels();
  expect(now?.bgp).toBeUndefined();
  expect(now?.customer_endpoint || undefined).toBeUndefined();
});

test('a tunnel that was saved here names who did so', async ({ page, desk }) => {
  const tunnel = await desk.createElsewhere(TUNNEL);
  await compareFirst(desk);
  const response = await fetch(desk.url + API_PREFIX + ipsecTunnelPath(ACCOUNT.id, tunnel.id), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...TUNNEL, psk: undefined, description: 'Saved here' }),
  });
  expect(response.ok).toBe(true);
  await desk.updateElsewhere(tunnel.id, { ...TUNNEL, description: 'Saved elsewhere' });
  await lookAnew(desk, tunnel);
  await page.goto(tunnelUrl(tunnel));
  await expect(card(page).getByText(/^It is not as it was saved here by .+ on /)).toBeVisible();
  await expect(card(page).getByRole('listitem')).toHaveText([/Description.*Saved here.*Saved elsewhere/]);
});

test('one that was made elsewhere can be accepted, and not restored', async ({ page, desk }) => {
  await compareFirst(desk);
  const tunnel = await desk.createElsewhere(TUNNEL);
  await lookAnew(desk, tunnel);
  await page.goto(tunnelUrl(tunnel));
  const made = card(page, 'Made elsewhere');
  await expect(made.getByText(/^This tunnel was not created at this desk/)).toBeVisible();
  await expect(made.getByRole('button', { name: /Restore/ })).toHaveCount(0);
  await made.getByRole('button', { name: 'Accept' }).click();
  await expect(made).toHaveCount(0);
  await page.reload();
  await heading(page, tunnel.name).waitFor();
  await lookAnew(desk, tunnel);
  expect(await isDrifted(desk)).toBe(false);
});

test('accepting what has changed again accepts nothing, and shows what it is now', async ({ page, desk }) => {
  const tunnel = await openChanged(page, desk);
  await desk.updateElsewhere(tunnel.id, { ...CHANGED, customer_endpoint: '192.88.99.99' });
  await card(page).getByRole('button', { name: 'Accept' }).click();
  await expect(
    page.getByText(/was changed, accepted or restored since you looked at it\. Nothing was accepted/),
  ).toBeVisible();
  await expect(card(page).getByRole('listitem').first()).toContainText('192.88.99.99');
  expect(await isDrifted(desk)).toBe(true);
  // As it is shown now, it is what the person sees.
  await card(page).getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByText(/^Accepted: /)).toBeVisible();
  await expect(card(page)).toHaveCount(0);
});

test('of two people one restores and the other accepts: the second is told, and nothing is lost', async ({
  page,
  desk,
  context,
}) => {
  const tunnel = await openChanged(page, desk);
  const second = await context.newPage();
  await second.goto(tunnelUrl(tunnel));
  await card(second).waitFor();
  await card(page).getByRole('button', { name: 'Restore…' }).click();
  await heading(page, `Edit ${tunnel.name}`).waitFor();
  await saveButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save anyway' }).click();
  await heading(page, `${tunnel.name} was saved`).waitFor();
  await card(second).getByRole('button', { name: 'Accept' }).click();
  await expect(second.getByText(/Nothing was accepted: what is shown is how it is now/)).toBeVisible();
  await expect(card(second)).toHaveCount(0);
  expect((await desk.tunnels())[0]?.customer_endpoint).toBe(TUNNEL.customer_endpoint);
});

test('deleted ones are no rows: one is made again with what it was, another accepted', async ({ page, desk }) => {
  const tunnel = await desk.createElsewhere(TUNNEL);
  const other = await desk.createElsewhere(OTHER);
  await compareFirst(desk);
  await desk.deleteElsewhere(tunnel.id);
  await desk.deleteElsewhere(other.id);
  await lookAnew(desk, tunnel);
  // Its own page says so too, though nothing was ever done to it here.
  await page.goto(tunnelUrl(tunnel));
  await expect(page.getByText(`${tunnel.name} was deleted elsewhere than at this desk.`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Restore it…' })).toBeVisible();
  await page.goto(LIST);
  await page.getByRole('button', { name: '2 deleted elsewhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Deleted elsewhere' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: `Accept that ${other.name} is deleted` }).click();
  await expect(dialog.getByText(`Accepted: this desk now knows ${other.name} as deleted.`)).toBeVisible();
  await expect(dialog.getByRole('status')).toBeFocused();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('link', { name: `Restore ${tunnel.name}` }).click();
  await expect(page.getByText(`Filled with what ${tunnel.name} was, without its pre-shared key.`)).toBeVisible();
  await expect(field(page, 'Customer endpoint')).toHaveValue(TUNNEL.customer_endpoint);
  await page.getByRole('button', { name: 'Create tunnel' }).click();
  await heading(page, `${tunnel.name} was created`).waitFor();
  await lookAnew(desk, tunnel);
  expect(await isDrifted(desk)).toBe(false);
  await page.goto(LIST);
  await row(page, tunnel.name).waitFor();
  await expect(page.getByText(/elsewhere/)).toHaveCount(0);
});

test('a link to restore what was restored already says so', async ({ page, desk }) => {
  const tunnel = await desk.createElsewhere(TUNNEL);
  await compareFirst(desk);
  await page.goto(`${LIST}/new?restore=${tunnel.id}`);
  await expect(heading(page, 'There is nothing to restore')).toBeVisible();
});

signedInTest('a viewer sees the difference, and why nothing can be done', async ({ page, desk, accessProxy }) => {
  await accessProxy.vouchFor(page, ['net-ops']);
  const tunnel = await desk.createElsewhere(TUNNEL);
  await page.goto(LIST);
  await page.waitForResponse((response) => response.url().endsWith('/drift'));
  await desk.updateElsewhere(tunnel.id, CHANGED);
  // As the person that may accept: the list is read anew where what is accepted is not there.
  const status = await page.evaluate(
    async (path) =>
      (
        await fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ state: 'no such state' }),
        })
      ).status,
    API_PREFIX + acceptDriftPath(ACCOUNT.id, tunnel.id),
  );
  expect(status).toBe(412);
  await accessProxy.vouchFor(page, ['readers']);
  await page.goto(tunnelUrl(tunnel));
  await expect(card(page).getByRole('listitem').first()).toContainText('192.88.99.77');
  for (const name of ['Restore…', 'Accept']) {
    const button = card(page).getByRole('button', { name });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleDescription(/takes the operator role/);
    await button.click({ force: true });
  }
  await expect(page).toHaveURL(tunnelUrl(tunnel));
  expect(desk.responses.filter((response) => response.includes('/accept'))).toHaveLength(1);
  await expectNoViolations(page);
});

test('at 360 px the badge, the difference and the deleted ones fit', async ({ page, desk }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  const tunnel = await desk.createElsewhere({ ...TUNNEL, name: 'branch-amsterdam-noord-1' });
  const other = await desk.createElsewhere(OTHER);
  await compareFirst(desk);
  await desk.updateElsewhere(tunnel.id, { ...CHANGED, name: tunnel.name });
  await desk.deleteElsewhere(other.id);
  await lookAnew(desk, tunnel);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.goto(LIST);
  const item = page.getByRole('list', { name: 'Tunnels' }).getByRole('listitem').first();
  await expect(item.getByText('Changed elsewhere')).toBeInViewport({ ratio: 1 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: '1 deleted elsewhere' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Accept/ })
    .waitFor();
  await expectNoViolations(page);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.goto(tunnelUrl(tunnel));
  await card(page).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await expectNoViolations(page);
});
