import { routesPath } from '@tunnel-desk/shared/api/paths';
import { expectNoViolations } from '../support/axe.ts';
import { ACCOUNT, type Desk, expect, test } from '../support/desk.ts';
import { field } from '../support/form.ts';
import { openEdit, openTunnel, saveButton } from '../support/tunnel-pages.ts';

const ROUTES = routesPath(ACCOUNT.id);

/** Static routes to these next hops; the sandbox has the tunnel's ends at 10.0.0.0 and 10.0.0.1. */
function listRoutes(desk: Desk, nextHops: readonly string[]): void {
  const routes = nextHops.map((nexthop, index) => ({
    id: index.toString(16).padStart(32, '0'),
    prefix: `10.${100 + index}.0.0/16`,
    nexthop,
    priority: 100,
  }));
  desk.respondUpstream(ROUTES, { result: { routes } });
}

test.describe('the page of a tunnel', () => {
  test("tells the routes to its router, and those to Cloudflare's own side as a mistake with the right next hop", async ({
    page,
    desk,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    listRoutes(desk, ['10.0.0.1', '10.0.0.0', '10.0.0.3']);
    await openTunnel(page, desk);
    const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Used by' }) });
    await expect(card.getByText('10.100.0.0/16 via 10.0.0.1, priority 100')).toBeVisible();
    await expect(card.getByText('A static route to this tunnel leads nowhere, by mistake:')).toBeVisible();
    await expect(card.getByText("10.101.0.0/16 via 10.0.0.0, which is Cloudflare's own side.")).toContainText(
      "Its next hop has to be the router's, 10.0.0.1",
    );
    await expect(card.getByText('10.102.0.0/16')).toHaveCount(0);
    await card.getByRole('button', { name: 'Copy next hop 10.0.0.1 for 10.101.0.0/16' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('10.0.0.1');
    await expectNoViolations(page);
  });

  test('says when the routes cannot be read, and reads them again', async ({ page, desk }) => {
    desk.respondUpstream(ROUTES, { status: 403, code: 10_000 });
    await openTunnel(page, desk);
    await expect(
      page.getByText("The static routes can't be read just now, so what uses this tunnel is not known."),
    ).toBeVisible();
    listRoutes(desk, ['10.0.0.1']);
    await page.getByRole('button', { name: 'Read them again' }).click();
    await expect(page.getByText('10.100.0.0/16 via 10.0.0.1')).toBeVisible();
  });
});

test.describe('before a tunnel is deleted', () => {
  test('the routes that go nowhere then are named, and those that do already', async ({ page, desk }) => {
    listRoutes(desk, ['10.0.0.1', '10.0.0.0']);
    await openTunnel(page, desk);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('1 static route goes nowhere: 10.100.0.0/16.')).toBeVisible();
    await expect(dialog.getByText('A static route to this tunnel leads nowhere, by mistake:')).toBeVisible();
    await expectNoViolations(page);
  });

  test('it is said when they cannot be read', async ({ page, desk }) => {
    desk.respondUpstream(ROUTES, { status: 500, code: 1001 });
    await openTunnel(page, desk);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(
      page
        .getByRole('dialog')
        .getByText("The static routes can't be read just now, so which of them go through it is not known."),
    ).toBeVisible();
    await expect(page.getByText('No static route goes through it.')).toHaveCount(0);
  });
});

test.describe('before a change of the interface address', () => {
  const dialogOf = (page: Parameters<typeof openEdit>[0]) =>
    page.getByRole('dialog', { name: 'Save a change that interrupts traffic?' });

  test('the routes that would lead nowhere are named with their new next hop', async ({ page, desk }) => {
    listRoutes(desk, ['10.0.0.1', '10.0.0.1', '10.0.0.9', '10.0.0.0']);
    await openEdit(page, desk);
    await field(page, 'Interface address').fill('10.0.0.8/31');
    await saveButton(page).click();
    await expect(dialogOf(page)).toContainText(
      '2 static routes go nowhere: 10.100.0.0/16, 10.101.0.0/16. Give them the new next hop, 10.0.0.9.',
    );
    await expectNoViolations(page);
    await dialogOf(page).getByRole('button', { name: 'Save anyway' }).click();
    await expect(page.getByRole('heading', { name: 'branch-ams-1 was saved' })).toBeVisible();
  });

  test('it is said that there are none, or that they cannot be read', async ({ page, desk }) => {
    listRoutes(desk, ['10.0.0.3']);
    await openEdit(page, desk);
    await field(page, 'Interface address').fill('10.0.0.8/31');
    await saveButton(page).click();
    await expect(dialogOf(page)).toContainText('No static route has the old address for its next hop.');
    await page.keyboard.press('Escape');
    desk.respondUpstream(ROUTES, { status: 403, code: 10_000 });
    await page.reload();
    await saveButton(page).click();
    await expect(dialogOf(page)).toContainText('so which of them would lead nowhere is not known.');
  });

  test('another change asks for no routes', async ({ page, desk }) => {
    listRoutes(desk, ['10.0.0.1']);
    await openEdit(page, desk);
    await field(page, 'Customer endpoint').fill('192.88.99.20');
    await saveButton(page).click();
    await expect(dialogOf(page)).toContainText(
      'The tunnel carries no traffic until the router uses the new endpoints.',
    );
    await expect(dialogOf(page).getByText('static route')).toHaveCount(0);
  });
});
