import { SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm } from '../support/form.ts';

test.use({ environment: { RATE_LIMIT_PER_MINUTE: '20' } });

test('over its own rate limit the desk says whose limit it is, and that nothing was created', async ({
  page,
  desk,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  await openForm(page);
  await fillValid(page);
  // Other requests of the same identity: without sign-in everybody is the local operator.
  while ((await page.request.get(SESSION_PATH)).ok());
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText(/This desk itself asked you to wait \d+ s\. Nothing was created\./);
  await expect(summary).toContainText(/\d+ s to wait/);
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
  expect(await desk.tunnels()).toEqual([]);
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toEqual([]);

  await page.reload();
  await expect(page.getByRole('heading', { name: 'This desk asks you to wait a minute' })).toBeVisible();
});
