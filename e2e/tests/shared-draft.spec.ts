import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe.ts';
import { allowClipboard, clipboardText, refuseClipboard } from '../support/clipboard.ts';
import { ACCOUNT, expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, VALID_VALUES } from '../support/form.ts';
import { expect as expectSignedIn, signInAs, test as testWithSignIn } from '../support/oidc-desk.ts';
import { test as testWithRoles } from '../support/signed-in-desk.ts';

const KEY = 'correct horse battery staple';
const FORM_PATH = `/accounts/${ACCOUNT.id}/ipsec-tunnels/new`;

const copyLink = (page: Page) => page.getByRole('button', { name: 'Copy link' });
const note = (page: Page, title: string) => page.getByRole('region', { name: title });
const opened = (page: Page) => note(page, 'This form was opened from a link');
const question = (page: Page) => note(page, "This link holds somebody's draft");

/** A link to a draft, as "Copy link" makes it. */
function linkWith(values: object, withheld: readonly string[] = [], version = '1'): string {
  const draft = Buffer.from(JSON.stringify({ values, withheld })).toString('base64url');
  return `${FORM_PATH}#draft=${version}.${draft}`;
}

/** Opens a link on the page that is there, as pasting it into the address bar does. */
async function openOnThisPage(page: Page, link: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      window.location.hash = hash;
    },
    link.slice(link.indexOf('#')),
  );
}

async function copiedLink(page: Page): Promise<string> {
  await copyLink(page).click();
  await expect(page.getByRole('status').filter({ hasText: 'Link to this draft copied.' })).toBeVisible();
  return clipboardText(page);
}

testWithRoles(
  'a viewer prepares a tunnel, and an operator creates it from the link',
  async ({ page, desk, accessProxy, browser }) => {
    await accessProxy.vouchFor(page, ['readers']);
    await allowClipboard(page);
    await page.goto(FORM_PATH);
    await fillValid(page);
    await field(page, 'Use BGP').click();
    await field(page, 'Customer ASN').fill('65001');
    await expect(createButton(page)).toHaveAccessibleDescription(/Send an operator a link to this draft\.$/);
    const link = await copiedLink(page);

    const operatorsContext = await browser.newContext();
    const operators = await operatorsContext.newPage();
    await accessProxy.vouchFor(operators, ['net-ops']);
    await operators.goto(link);
    await expect(opened(operators)).toContainText('check every value before you create the tunnel');
    for (const [label, value] of Object.entries(VALID_VALUES)) await expect(field(operators, label)).toHaveValue(value);
    await expect(field(operators, 'Customer ASN')).toHaveValue('65001');
    await createButton(operators).click();
    await expect(operators.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    expect(await desk.tunnels()).toMatchObject([{ name: 'branch-ams-1', bgp: { customer_asn: 65001 } }]);
    await operatorsContext.close();
  },
);

test('no key is in the link, and whoever opens it is told which are to be entered', async ({ page, desk }) => {
  await allowClipboard(page);
  await openForm(page);
  await fillValid(page);
  await page.getByText('Use my own').click();
  await field(page, 'Pre-shared key').fill(KEY);
  await field(page, 'Use BGP').click();
  await field(page, 'MD5 key').fill('guard-of-the-session');
  const link = await copiedLink(page);
  await expect(page.getByRole('status').filter({ hasText: 'Not in it: Pre-shared key.' })).toContainText(
    'Not in it: MD5 key.',
  );
  const draft = Buffer.from(link.split('#draft=1.')[1] ?? '', 'base64url').toString();
  expect(draft).toContain('branch-ams-1');
  expect(draft).not.toContain(KEY);
  expect(draft).not.toContain('guard-of-the-session');

  const other = await page.context().newPage();
  await other.goto(link);
  await expect(opened(other)).toContainText('Links carry no keys. To be entered here: Pre-shared key, MD5 key.');
  await expect(field(other, 'Pre-shared key')).toHaveValue('');
  await expect(field(other, 'MD5 key')).toHaveValue('');
  expect(desk.responses.filter((line) => line.includes('draft='))).toEqual([]);
});

test('the draft is gone from the URL once it was read, and survives a reload as one’s own', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(linkWith({ name: 'theirs' }));
  await expect(field(page, 'Name')).toHaveValue('theirs');
  expect(new URL(page.url()).hash).toBe('');
  await field(page, 'Description').fill('and mine');
  await page.reload();
  await expect(field(page, 'Name')).toHaveValue('theirs');
  await expect(field(page, 'Description')).toHaveValue('and mine');
  await expect(opened(page)).toBeHidden();
});

test('a key that was to be generated is generated where the form is opened', async ({ page }) => {
  await page.goto(linkWith({ pskSource: 'generated' }, ['psk']));
  await expect(opened(page)).toContainText('A pre-shared key was generated here, in this browser.');
  await expect(opened(page)).not.toContainText('To be entered here');
  await expect(field(page, 'Pre-shared key')).not.toHaveValue('');
});

test('one’s own entries are replaced only after one said so', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await openOnThisPage(page, linkWith({ name: 'theirs', replay_protection: true }));
  await expect(question(page)).toContainText('Opening it replaces what you have entered here, keys included.');
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await question(page).getByRole('button', { name: 'Keep mine' }).click();
  await expect(question(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Create an IPsec tunnel' })).toBeFocused();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');

  // The same link, opened again.
  await openOnThisPage(page, linkWith({ name: 'theirs', replay_protection: true }));
  await question(page).getByRole('button', { name: 'Open their draft' }).click();
  await expect(opened(page)).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('theirs');
  await expect(field(page, 'Interface address')).toHaveValue('');
  await expect(page.locator('pre')).toContainText('"replay_protection": true');
});

test('a stored draft of one’s own is not replaced unasked either', async ({ page }) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await fillValid(page);
  await page.reload();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await page.goto('about:blank');
  await page.goto(linkWith({ name: 'theirs' }));
  await expect(question(page)).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
});

test('the choice is made by keyboard alone', async ({ page }) => {
  await openForm(page);
  await field(page, 'Name').fill('mine');
  await openOnThisPage(page, linkWith({ name: 'theirs' }));
  await expect(question(page).getByRole('heading')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(question(page).getByRole('button', { name: 'Open their draft' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(opened(page).getByRole('heading')).toBeFocused();
  await expect(field(page, 'Name')).toHaveValue('theirs');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(opened(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Create an IPsec tunnel' })).toBeFocused();
});

for (const { link, says, why } of [
  {
    link: linkWith({ name: 'x' }).slice(0, -9),
    says: 'The link is incomplete: ask for it again.',
    why: 'was cut short',
  },
  { link: `${FORM_PATH}#draft=hello`, says: 'The link is incomplete', why: 'is no draft at all' },
  { link: linkWith({}, [], '2'), says: 'A later version of this desk made the link.', why: 'is of a later version' },
]) {
  test(`a link that ${why} is said to be unreadable, and changes nothing`, async ({ page }) => {
    await page.goto(link);
    const unreadable = note(page, "The draft in this link can't be read");
    await expect(unreadable).toContainText(says);
    await expect(unreadable).toContainText('Nothing was changed here.');
    await expect(field(page, 'Name')).toHaveValue('');
    expect(new URL(page.url()).hash).toBe('');
  });
}

test('entries that no field takes are left out and counted, a key among them', async ({ page }) => {
  await page.goto(
    linkWith({ name: 'theirs', psk: KEY, pskSource: 'own', colour: 'red', 'health_check/rate': 'never' }),
  );
  await expect(opened(page)).toContainText('3 entries of the link were left out: no field of this form takes them.');
  await expect(field(page, 'Name')).toHaveValue('theirs');
  await expect(field(page, 'Pre-shared key')).toHaveValue('');
});

test('a link from before an account was chosen opens at a desk with one account', async ({ page }) => {
  await page.goto(linkWith({ name: 'theirs' }).replace(FORM_PATH, '/ipsec-tunnels/new'));
  await expect(field(page, 'Name')).toHaveValue('theirs');
  expect(new URL(page.url()).pathname).toBe(FORM_PATH);
});

test('where the browser refuses to copy, the link is shown', async ({ page, desk }) => {
  await refuseClipboard(page);
  await page.goto(FORM_PATH);
  await field(page, 'Name').fill('ams');
  await copyLink(page).click();
  const dialog = page.getByRole('dialog', { name: 'Link to this draft' });
  await expect(dialog.getByRole('textbox')).toHaveValue(desk.url + linkWith({ name: 'ams' }));
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(copyLink(page)).toBeFocused();
});

test('the question, an opened draft and an unreadable link have no violation', async ({ page }) => {
  await openForm(page);
  await field(page, 'Name').fill('mine');
  await openOnThisPage(page, linkWith({ name: 'theirs', colour: 'red' }, ['psk']));
  await expect(question(page)).toBeVisible();
  await expectNoViolations(page);
  await question(page).getByRole('button', { name: 'Open their draft' }).click();
  await expect(opened(page)).toBeVisible();
  await expectNoViolations(page);
  await openOnThisPage(page, `${FORM_PATH}#draft=hello`);
  await expect(note(page, "The draft in this link can't be read")).toBeVisible();
  await expectNoViolations(page);
});

testWithSignIn(
  'a long draft in a link is still there after signing in, and no server ever got it',
  async ({ page, desk, identityProvider }) => {
    const description = 'the uplink of the second building. '.repeat(300);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url(), request.postData() ?? ''));
    await page.goto(linkWith({ name: 'theirs', description }));
    await page.waitForURL(`${identityProvider.issuer}/**`);
    await signInAs(page, 'ann.net-ops');
    await expectSignedIn(field(page, 'Name')).toHaveValue('theirs');
    await expectSignedIn(field(page, 'Description')).toHaveValue(description);
    const encoded = linkWith({ name: 'theirs', description }).split('.')[1] ?? 'none';
    expectSignedIn(requested.filter((url) => url.includes(encoded.slice(0, 40)) && !url.includes('#'))).toEqual([]);
    expectSignedIn(desk.responses.filter((line) => line.includes('draft='))).toEqual([]);
  },
);
