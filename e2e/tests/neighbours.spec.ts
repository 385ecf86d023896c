import { expectNoViolations } from '../support/axe.ts';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, notesOn, openForm } from '../support/form.ts';
import {
  EXPORTS,
  FILTER_PROFILES,
  GRE_TUNNELS,
  IMPORTS,
  INTERCONNECTS,
  listNeighbours,
  REFUSED,
} from '../support/neighbours.ts';

const UNLISTED = 'Names and addresses are checked against';

test.beforeEach(({ desk }) => listNeighbours(desk));

test('a clash with a GRE tunnel or an interconnect is told while typing, and says which it is', async ({ page }) => {
  await openForm(page);
  await field(page, 'Name').fill('gre-lab-1');
  await expect(await notesOn(page, 'Name')).toContainText('already has a GRE tunnel named gre-lab-1');
  await field(page, 'Name').fill('CNI-AMS');
  await expect(await notesOn(page, 'Name')).toContainText('the interconnect cni-ams');
  await field(page, 'Interface address').fill('10.8.0.1/31');
  const notes = await notesOn(page, 'Interface address');
  await expect(notes).toContainText('overlaps 10.8.0.0/31 of the GRE tunnel gre-lab-1');
  await field(page, 'Interface address').fill('10.8.0.3/31');
  await expect(notes).toContainText('overlaps 10.8.0.2/31 of the interconnect cni-ams');
  await expect(page.getByText(UNLISTED)).toHaveCount(0);
});

test.describe('in a sandbox as it starts', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '' } });

  test('there is one of each to try', async ({ page }) => {
    await openForm(page);
    await field(page, 'Account').selectOption({ index: 1 });
    await field(page, 'Name').fill('gre-lab-1');
    await expect(await notesOn(page, 'Name')).toContainText('already has a GRE tunnel named gre-lab-1');
    await field(page, 'Name').fill('cni-ams-1');
    await expect(await notesOn(page, 'Name')).toContainText('already has an interconnect named cni-ams-1');
    await field(page, 'Use BGP').click();
    await field(page, 'Import filter profile').selectOption('private-ranges');
    await expect(page.getByText(UNLISTED)).toHaveCount(0);
  });
});

for (const { refused, says } of [
  {
    refused: [GRE_TUNNELS, INTERCONNECTS],
    says: "against IPsec tunnels alone: GRE tunnels and interconnects can't be listed with this desk's token.",
  },
  {
    refused: [GRE_TUNNELS],
    says: "against IPsec tunnels and interconnects alone: GRE tunnels can't be listed with this desk's token.",
  },
  {
    refused: [INTERCONNECTS],
    says: "against IPsec tunnels and GRE tunnels alone: interconnects can't be listed with this desk's token.",
  },
]) {
  test(`a note says what is not checked: ${says}`, async ({ page, desk }) => {
    for (const path of refused) desk.respondUpstream(path, REFUSED);
    await openForm(page);
    await expect(page.getByRole('status').filter({ hasText: UNLISTED })).toContainText(says);
    await expect(page.getByRole('button', { name: 'List again' })).toHaveCount(0);
  });
}

test('a list that fails is not blamed on the token', async ({ page, desk }) => {
  desk.respondUpstream(GRE_TUNNELS, { status: 500, code: 1001 });
  await openForm(page);
  await expect(page.getByText(UNLISTED)).toContainText("GRE tunnels can't be listed just now.");
});

test('where not even the IPsec tunnels can be listed, that alone is said', async ({ page, desk }) => {
  desk.failLists(true);
  await openForm(page);
  await expect(page.getByText("The account's tunnels can't be listed, so this page")).toBeVisible();
  await expect(page.getByText(UNLISTED)).toHaveCount(0);
});

test.describe('BGP filter profiles', () => {
  const SELECT = 'Import filter profile';

  test('are listed once BGP is on, and no earlier', async ({ page, desk }) => {
    const isListed = () => desk.upstreamRequests.some((request) => request.endsWith(FILTER_PROFILES));
    await openForm(page);
    await expect.poll(() => desk.upstreamRequests.some((request) => request.endsWith(INTERCONNECTS))).toBe(true);
    expect(isListed()).toBe(false);
    await field(page, 'Use BGP').click();
    await expect.poll(isListed).toBe(true);
  });

  test('are chosen by name, by keyboard too, and sent by ID', async ({ page, desk }) => {
    await openForm(page);
    await fillValid(page);
    await field(page, 'Use BGP').press('Space');
    await field(page, 'Customer ASN').fill('65001');
    await field(page, SELECT).getByRole('option', { name: IMPORTS.name }).waitFor({ state: 'attached' });
    await field(page, 'Extra prefixes').focus();
    await page.keyboard.press('Tab');
    await expect(field(page, SELECT)).toBeFocused();
    await page.keyboard.type('On-prem');
    await expect(field(page, SELECT)).toHaveValue(IMPORTS.id);
    await field(page, 'Export filter profile').selectOption(EXPORTS.name);
    await createButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    expect(await desk.tunnels()).toMatchObject([
      { bgp: { import_filter_id: IMPORTS.id, export_filter_id: EXPORTS.id } },
    ]);
  });

  test('that are chosen can be taken back', async ({ page }) => {
    await openForm(page);
    await field(page, 'Use BGP').click();
    await field(page, SELECT).selectOption(IMPORTS.name);
    await expect(page.locator('pre')).toContainText(IMPORTS.id);
    await field(page, SELECT).selectOption('None');
    await expect(page.locator('pre')).not.toContainText('import_filter_id');
  });

  test('are typed by ID where they cannot be listed', async ({ page, desk }) => {
    desk.respondUpstream(FILTER_PROFILES, REFUSED);
    await openForm(page);
    await field(page, 'Use BGP').click();
    await expect(page.getByText('ID of the profile that filters routes from your router.')).toBeVisible();
    await field(page, SELECT).fill('imports');
    await field(page, SELECT).blur();
    await expect(await notesOn(page, SELECT)).toContainText('32 lowercase hexadecimal characters');
    await field(page, SELECT).fill(IMPORTS.id);
    await expect(page.locator('pre')).toContainText(IMPORTS.id);
  });

  test('that are not in the list stay, and can be chosen again', async ({ page, desk }) => {
    const id = '9'.repeat(32);
    desk.respondUpstream(FILTER_PROFILES, REFUSED);
    await openForm(page);
    await field(page, 'Use BGP').click();
    await field(page, SELECT).fill(id);
    await expect(page.locator('pre')).toContainText(id);
    desk.respondUpstream(FILTER_PROFILES, { result: [IMPORTS] });
    await page.reload();
    await expect(field(page, SELECT).getByRole('option', { name: `${id} (not in the list)` })).toBeAttached();
    await expect(field(page, SELECT)).toHaveValue(id);
    await field(page, SELECT).selectOption(IMPORTS.name);
    await field(page, SELECT).selectOption(`${id} (not in the list)`);
    await expect(page.locator('pre')).toContainText(id);
  });

  test('of one name are told apart, and an account without any says so', async ({ page, desk }) => {
    desk.respondUpstream(FILTER_PROFILES, { result: [IMPORTS, { ...EXPORTS, name: IMPORTS.name }] });
    await openForm(page);
    await field(page, 'Use BGP').click();
    await expect(field(page, SELECT).getByRole('option')).toHaveText([
      'None',
      `${IMPORTS.name} (…11111111)`,
      `${IMPORTS.name} (…22222222)`,
    ]);
    desk.respondUpstream(FILTER_PROFILES, { result: [] });
    await page.reload();
    await expect(field(page, SELECT).getByRole('option')).toHaveText(['None: the account has no profiles']);
  });
});

test('neither the note nor the profiles have a violation', async ({ page, desk }) => {
  desk.respondUpstream(GRE_TUNNELS, REFUSED);
  await openForm(page);
  await field(page, 'Use BGP').click();
  await field(page, 'Import filter profile').selectOption(IMPORTS.name);
  await expect(page.getByText(UNLISTED)).toBeVisible();
  await expectNoViolations(page);
});
