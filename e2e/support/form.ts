// What the specs do on the form again and again.

import type { Locator, Page } from '@playwright/test';

/** Opens an empty form. */
export async function openForm(page: Page): Promise<void> {
  await page.goto('/tunnels/new');
  await field(page, 'Name').waitFor();
}

/** The control with exactly this label. */
export function field(page: Page, label: string): Locator {
  return page.getByLabel(label, { exact: true });
}

/** What is said under a field. */
export async function notesOn(page: Page, label: string): Promise<Locator> {
  const id = await field(page, label).getAttribute('id');
  return page.locator(`[id="${id}-notes"]`);
}

export const VALID_VALUES = {
  Name: 'branch-ams-1',
  'Cloudflare endpoint': '198.51.100.1',
  'Customer endpoint': '192.88.99.10',
  'Interface address': '10.0.0.0/31',
} as const;

/** Fills a form that can be sent, with other values where they are given. */
export async function fillValid(page: Page, values: Record<string, string> = {}): Promise<void> {
  for (const [label, value] of Object.entries({ ...VALID_VALUES, ...values })) await field(page, label).fill(value);
}

export function validateButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Validate only' });
}

export function createButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Create tunnel' });
}
