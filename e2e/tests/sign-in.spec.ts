import { ACCOUNT } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, validateButton } from '../support/form.ts';
import { expect, OTHER_ACCOUNT, test } from '../support/signed-in-desk.ts';

test('a viewer validates, and sees why creating is off', async ({ page, desk, accessProxy }) => {
  await accessProxy.vouchFor(page, ['readers']);
  await openForm(page);
  await expect(page.getByRole('banner')).toContainText('Signed in as Ann Operator');
  await field(page, 'Account').selectOption(ACCOUNT.id);
  await fillValid(page);
  await expect(createButton(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(createButton(page)).toHaveAccessibleDescription(
    'You may validate in Acme production, not create: that takes the operator role. Send an operator a link to this draft.',
  );
  await createButton(page).click({ force: true });
  await validateButton(page).click();
  await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([
    expect.stringMatching(/\?validate_only=true$/),
  ]);
});

test('creating is off only where the role does not reach', async ({ page, accessProxy }) => {
  await accessProxy.vouchFor(page, ['readers', 'lab-ops']);
  await openForm(page);
  await field(page, 'Account').selectOption(ACCOUNT.id);
  await expect(createButton(page)).toHaveAttribute('aria-disabled', 'true');
  await field(page, 'Account').selectOption(OTHER_ACCOUNT.id);
  await expect(createButton(page)).toHaveAttribute('aria-disabled', 'false');
});

test('a sign-in that ends in the middle of a form costs none of its entries', async ({ page, desk, accessProxy }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });
  await accessProxy.vouchFor(page, ['net-ops']);
  await openForm(page);
  await field(page, 'Account').selectOption(ACCOUNT.id);
  await fillValid(page);
  await accessProxy.vouchFor(page, undefined);
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Your sign-in has ended. Nothing was created.');
  await expect(summary).toContainText('Sign in again: your entries are kept.');
  expect(await desk.tunnels()).toEqual([]);

  await accessProxy.vouchFor(page, ['net-ops']);
  await summary.getByRole('button', { name: 'Sign in again' }).click();
  await expect(summary).toBeHidden();
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await expect(field(page, 'Interface address')).toHaveValue('10.0.0.0/31');
  expect(asked).toEqual([]);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
});

test('an unauthenticated client is redirected to the sign-in once, and never in a loop', async ({
  page,
  desk,
  accessProxy,
}) => {
  const signIns: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(`${desk.url}/auth/sign-in`)) signIns.push(request.url());
  });
  await page.goto('/tunnels/new');
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  await expect(page).toHaveTitle('You are not signed in · Tunnel Desk');
  await expect(page.getByRole('alert')).toContainText('ask your administrator');
  expect(signIns).toEqual([`${desk.url}/auth/sign-in?return_to=%2Ftunnels%2Fnew`]);

  await accessProxy.vouchFor(page, ['net-ops']);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(field(page, 'Name')).toBeVisible();
});

test('a person without a role is told so', async ({ page, accessProxy }) => {
  await accessProxy.vouchFor(page, ['canteen']);
  await page.goto('/tunnels/new');
  await expect(page.getByRole('heading', { name: 'You have no role at this desk' })).toBeVisible();
});

test('the page after signing out offers to sign in again', async ({ page, accessProxy }) => {
  await accessProxy.vouchFor(page, ['net-ops']);
  await page.goto('/signed-out');
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Choose an account' })).toBeVisible();
});
