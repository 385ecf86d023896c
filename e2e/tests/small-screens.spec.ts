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
  await field(page, 'BGP').click();
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
