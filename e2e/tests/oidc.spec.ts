import { createButton, field, fillValid } from '../support/form.ts';
import { expect, signInAs, test } from '../support/oidc-desk.ts';

const SESSION_COOKIE = '__Host-tunnel-desk-session';

test('a person signs in, comes back to the page they came from, creates a tunnel and signs out', async ({
  page,
  desk,
  baseURL,
  identityProvider,
}) => {
  await page.goto('/tunnels/new?from=wiki');
  await page.waitForURL(`${identityProvider.issuer}/**`);
  await signInAs(page, 'ann.net-ops');
  await page.waitForURL(`${baseURL}/tunnels/new?from=wiki`);
  await expect(page.getByRole('banner')).toContainText('Signed in as ann');
  await fillValid(page);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  expect(await page.context().cookies()).not.toContainEqual(expect.objectContaining({ name: SESSION_COOKIE }));
  await page.goto('/tunnels/new');
  await page.waitForURL(`${identityProvider.issuer}/**`);
});

test('a session that ends in the middle of a form costs none of its entries', async ({
  page,
  desk,
  identityProvider,
}) => {
  await page.goto('/tunnels/new');
  await signInAs(page, 'ann.net-ops');
  await fillValid(page);
  await page.context().clearCookies({ name: SESSION_COOKIE });
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Your sign-in has ended. Nothing was created.');
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([]);

  // The provider's session has ended too: they sign in from the beginning.
  await page.context().clearCookies();
  await summary.getByRole('button', { name: 'Sign in again' }).click();
  await page.waitForURL(`${identityProvider.issuer}/**`);
  await signInAs(page, 'ann.net-ops');
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  await expect(field(page, 'Interface address')).toHaveValue('10.0.0.0/31');
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await desk.tunnels()).toHaveLength(1);
});

test('no script of the page ever sees the session', async ({ page }) => {
  await page.goto('/tunnels/new');
  await signInAs(page, 'ann.net-ops');
  await field(page, 'Name').waitFor();
  const session = (await page.context().cookies()).find(({ name }) => name === SESSION_COOKIE);
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
  const seen = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...sessionStorage }, { ...localStorage }, history.state, location.href]),
  );
  expect(seen).not.toContain(session?.value);
  expect(seen).not.toContain(SESSION_COOKIE);
});
