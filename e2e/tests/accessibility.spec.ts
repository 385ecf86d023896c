import { expectNoViolations } from '../support/axe.ts';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, validateButton } from '../support/form.ts';

test.describe('in the sandbox', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '' } });

  test('the empty form has no violation', async ({ page }) => {
    await openForm(page);
    await expectNoViolations(page);
  });

  test('a form full of errors and advisories has no violation', async ({ page }) => {
    await openForm(page);
    await fillValid(page, { Name: 'a name with spaces', 'Interface address': '10.0.0.0/24' });
    await page.getByRole('heading', { name: 'Health check' }).click();
    await field(page, 'Use BGP').click();
    await field(page, 'MD5 key').fill('"');
    await field(page, 'Extra prefixes').fill('10.0.0.1/8 2001:db8::/32');
    await page.getByText('Use my own').click();
    await createButton(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoViolations(page);
  });

  test('a validated form and the page of a created tunnel have no violation', async ({ page }) => {
    await openForm(page);
    await field(page, 'Account').selectOption({ index: 1 });
    await fillValid(page);
    await page.getByText('Generate one here').click();
    await validateButton(page).click();
    await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
    await expectNoViolations(page);
    await field(page, 'Description').fill('changed since');
    await expectNoViolations(page);
    await createButton(page).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    await expectNoViolations(page);
  });
});

test('an unknown outcome and a rate limit have no violation', async ({ page, desk }) => {
  await openForm(page);
  await fillValid(page);
  desk.failUpstream({ kind: 'reset', handled: false });
  desk.failLists(true);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("We don't know");
  await expectNoViolations(page);
  desk.failLists(false);
  await expect(page.getByRole('alert')).toContainText('The tunnel was not created.');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectNoViolations(page);
  desk.failUpstream({ kind: 'response', status: 429, headers: { 'retry-after': '30' }, body: '', handled: false });
  await validateButton(page).click();
  await expect(page.getByRole('alert')).toContainText('wait 30 s');
  await expectNoViolations(page);
});
