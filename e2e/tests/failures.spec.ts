import { expect, SHORT_UPSTREAM_TIMEOUT, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, validateButton } from '../support/form.ts';

function envelope(code: number, message: string): string {
  return JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null });
}

test.use({ environment: SHORT_UPSTREAM_TIMEOUT });

test.beforeEach(async ({ page }) => {
  await openForm(page);
  await fillValid(page);
});

test('Cloudflare down: nothing was created', async ({ page, desk }) => {
  await desk.stopUpstream();
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText("Cloudflare can't be reached. Nothing was created.");
  await expect(summary).toContainText(/request ID [0-9a-f-]{36}/);
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
});

test('Cloudflare slow: the desk looks, finds the tunnel, and opens its page', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'delay', ms: 5000 });
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});

test('connection reset before Cloudflare did anything: the desk looks, and says that it is safe to try again', async ({
  page,
  desk,
}) => {
  desk.failUpstream({ kind: 'reset', handled: false });
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('The desk looked for the tunnel, and it does not exist. Nothing was created.');
  await expect(summary).toContainText('It is safe to create it again.');
  expect(await desk.tunnels()).toEqual([]);
});

test('Cloudflare slow and its list out of reach: the tunnel may exist, and the page finds it as soon as it can', async ({
  page,
  desk,
}) => {
  desk.failUpstream({ kind: 'delay', ms: 5000 });
  desk.failLists(true);
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText("We don't know whether the tunnel was created.");
  await expect(summary).toContainText('check before retrying');
  desk.failLists(false);
  await expect(summary).toContainText('The tunnel was created.');
  await expect(summary).not.toContainText("We don't know");
  await summary.getByRole('button', { name: 'Show the tunnel' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});

test('what became of the last create is cleared up before another one is sent', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'reset', handled: true });
  desk.failLists(true);
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText("We don't know whether the tunnel was created.");
  const postsBefore = desk.upstreamRequests.filter((request) => request.startsWith('POST')).length;

  await field(page, 'Name').fill('branch-ams-2');
  await createButton(page).click();
  await expect(summary).toContainText('The outcome of an earlier submission from this form is still open');
  desk.failUpstream(undefined);
  desk.failLists(false);
  await expect(summary).toContainText('branch-ams-1 was in the account');
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(postsBefore);

  await field(page, 'Interface address').fill('10.0.0.2/31');
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-2 was created' })).toBeVisible();
});

test('a create that is pressed again after its response was lost is not sent again', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'reset', handled: true });
  desk.failLists(true);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("We don't know whether the tunnel was created.");
  desk.failUpstream(undefined);
  desk.failLists(false);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(desk.upstreamRequests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});

test('a validation that times out created nothing, and says so', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'delay', ms: 5000 });
  await validateButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Cloudflare did not respond in time. Nothing was created.');
  expect(await desk.tunnels()).toEqual([]);
});

test('HTML instead of a response: the outcome is unknown', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'response', status: 200, body: '<html>Please sign in</html>', handled: false });
  desk.failLists(true);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("Something responded, but not as Cloudflare's API does.");
});

test('rate limited: a countdown, then the button again', async ({ page, desk }) => {
  await page.clock.install();
  desk.failUpstream({
    kind: 'response',
    status: 429,
    headers: { 'retry-after': '30' },
    body: envelope(10429, 'slow down'),
    handled: false,
  });
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Cloudflare asked us to wait 30 s. Nothing was created.');
  await expect(summary).toContainText(/\d+ s to wait/);
  desk.failUpstream(undefined);
  await page.clock.runFor(31_000);
  await summary.getByRole('button', { name: 'Try to create it again' }).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
});

test('token refused: who must do what', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'response', status: 403, body: envelope(10000, 'Authentication error'), handled: false });
  await createButton(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText("Cloudflare refused this server's token (10000). Nothing was created.");
  await expect(summary).toContainText('Your administrator must renew it');
});

test("an error of Cloudflare's that names a field in free text lands on that field", async ({ page, desk }) => {
  desk.failUpstream({
    kind: 'response',
    status: 400,
    body: envelope(1001, 'interface_address is reserved for another customer'),
    handled: false,
  });
  await validateButton(page).click();
  await expect(field(page, 'Interface address')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toContainText('Cloudflare refused this tunnel. Nothing was created.');
});

test("an error that names no field stands above the form with Cloudflare's code", async ({ page, desk }) => {
  desk.failUpstream({ kind: 'response', status: 400, body: envelope(1099, 'Too many tunnels'), handled: false });
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Too many tunnels (1099)');
});

test('account not onboarded', async ({ page, desk }) => {
  desk.failUpstream({ kind: 'response', status: 400, body: envelope(1012, 'not onboarded'), handled: false });
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText('not onboarded to Magic WAN (1012). Nothing was created.');
});

test('an account this desk may not use', async ({ page }) => {
  await page.route('**/magic/ipsec_tunnels', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 403, contentType: 'application/json', body: envelope(90010, 'not served') })
      : route.continue(),
  );
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText('This desk may not use that account. Nothing was created.');
});

test('this server unreachable: entries are kept, and the outcome of a create is unknown', async ({ page, desk }) => {
  await desk.stop();
  await validateButton(page).click();
  await expect(page.getByRole('alert')).toContainText(
    "This page can't reach its server. Your entries are kept. Nothing was created.",
  );
  await createButton(page).click();
  await expect(page.getByRole('alert')).toContainText("We don't know whether the tunnel was created.");
  await expect(field(page, 'Name')).toHaveValue('branch-ams-1');
});

test.describe('while an outcome is not known yet', () => {
  test.use({ environment: { ...SHORT_UPSTREAM_TIMEOUT, SETTLE_SECONDS: '600' } });

  test('the page says when it looked and until when it goes on, and then that the tunnel was created after all', async ({
    page,
    desk,
  }) => {
    const arrived = Promise.withResolvers<void>();
    desk.failUpstream({ kind: 'hold', until: arrived.promise });
    await createButton(page).click();
    const summary = page.getByRole('alert');
    await expect(summary).toContainText("We don't know whether the tunnel was created.");
    await expect(summary).toContainText(
      /Not there as of \d\d:\d\d:\d\d\. We keep looking until \d\d:\d\d:\d\d \(\d+ s\)\./,
    );
    await expect(summary).not.toContainText('Nothing was created');
    arrived.resolve();
    await expect(summary).toContainText('The tunnel was created.');
    await summary.getByRole('button', { name: 'Show the tunnel' }).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
    expect(await desk.tunnels()).toHaveLength(1);
  });
});
