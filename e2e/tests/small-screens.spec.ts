import type { Page } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, validateButton } from '../support/form.ts';

test.use({ viewport: { width: 360, height: 740 } });

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

test('at 360 px everything fits, the buttons stay in reach, and the job can be done', async ({ page }) => {
  await openForm(page);
  await expectNoSidewaysScrolling(page);
  await expect(validateButton(page)).toBeInViewport({ ratio: 1 });
  await expect(createButton(page)).toBeInViewport({ ratio: 1 });
  await fillValid(page);
  await page.getByText('Generate one here').click();
  await field(page, 'Custom IKE identity').fill('a-rather-long-label-for-a-branch-office');
  await page.getByRole('heading', { name: 'Health check' }).click();
  await field(page, 'Use BGP').click();
  await field(page, 'Customer ASN').fill('65001');
  await page.getByText('What will be sent').click();
  await expectNoSidewaysScrolling(page);
  await validateButton(page).click();
  await expect(page.getByText('Valid. Nothing was created.')).toBeInViewport();
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  await expectNoSidewaysScrolling(page);
});

test('at 360 px a summary of problems fits too', async ({ page }) => {
  await openForm(page);
  await createButton(page).click();
  await expect(page.getByRole('alert')).toBeInViewport();
  await expectNoSidewaysScrolling(page);
});

for (const { where, use } of [
  { where: 'at 360 px', use: { viewport: { width: 360, height: 740 } } },
  { where: 'at 1280 px and 200 % zoom', use: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 } },
]) {
  test.describe(where, () => {
    test.use(use);

    test('every control that Tab reaches can be seen', async ({ page }) => {
      await openForm(page);
      await fillValid(page, { 'Interface address': '10.0.0.0/24' });
      await page.getByRole('heading', { name: 'Health check' }).click();
      await page.getByRole('heading', { name: 'Advanced' }).click();
      await page.getByText('What will be sent').click();
      await field(page, 'Use BGP').click();
      await field(page, 'Extra prefixes').fill('10.0.0.1/8');
      await page.getByText('Use my own').click();
      await page.evaluate(() => {
        window.scrollTo(0, 0);
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      });
      for (const key of ['Tab', 'Shift+Tab']) {
        const visited = await hiddenStops(page, key);
        expect(visited.hidden).toEqual([]);
        expect(visited.count).toBeGreaterThan(20);
      }
    });
  });
}

/** Goes through the page with a key; returns which of the controls on the way were covered or outside the window. */
async function hiddenStops(page: Page, key: string): Promise<{ hidden: string[]; count: number }> {
  const hidden: string[] = [];
  for (let count = 0; ; count++) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return undefined;
      const { left, top, width, height } = focused.getBoundingClientRect();
      const isSeenAt = (x: number, y: number) => {
        const hit = document.elementFromPoint(x, y);
        return hit !== null && (focused.contains(hit) || hit.contains(focused));
      };
      // The upper and the lower end too, as far as the window has room for both.
      const [near, far] = [Math.min(3, height / 2), height / 2];
      const isSeen =
        isSeenAt(left + width / 2, top + far) &&
        (height > 100 || (isSeenAt(left + width / 2, top + near) && isSeenAt(left + width / 2, top + height - near)));
      return { name: focused.outerHTML.slice(0, 120), isSeen };
    });
    if (stop === undefined) return { hidden, count };
    if (!stop.isSeen) hidden.push(stop.name);
  }
}

test('a bar that grows with the outcome of a validation leaves the field in view', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  const identity = field(page, 'Custom IKE identity');
  await identity.focus();
  // As far down as the bar lets it.
  await page.evaluate(() => {
    const bar = document.querySelector('.sticky')?.getBoundingClientRect().top ?? 0;
    window.scrollBy(0, (document.activeElement?.getBoundingClientRect().bottom ?? 0) - bar + 2);
  });
  await identity.press('Control+Enter');
  await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
  await expect(async () => {
    const [field, bar] = await page.evaluate(() => [
      document.activeElement?.getBoundingClientRect().bottom ?? Number.NaN,
      document.querySelector('.sticky')?.getBoundingClientRect().top ?? Number.NaN,
    ]);
    expect(field).toBeLessThanOrEqual(bar ?? Number.NaN);
  }).toPass();
});

test('at 360 px the top bar is two rows: product, production and pages, then account and person', async ({ page }) => {
  await openForm(page);
  const middle = async (text: string) => {
    const box = await page.getByRole('banner').getByText(text, { exact: true }).boundingBox();
    return (box?.y ?? Number.NaN) + (box?.height ?? Number.NaN) / 2;
  };
  expect(Math.abs((await middle('Tunnel Desk')) - (await middle('Production')))).toBeLessThan(6);
  expect(Math.abs((await middle('Tunnel Desk')) - (await middle('Activity')))).toBeLessThan(6);
  expect(Math.abs((await middle('Acme production')) - (await middle('Local operator')))).toBeLessThan(6);
  expect((await page.getByRole('banner').boundingBox())?.height).toBeLessThan(85);
});
