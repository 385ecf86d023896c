// What axe finds on a page, in both color schemes.

import { expect, type Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** The rules that look at colors: all that another color scheme can change, as the page itself is the same. */
const COLORS: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/**
 * Expects the page, as it is now, to be without any violation that axe finds. It is tried in light by every rule, then in dark by
 * those about colors, and left in light.
 */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page, {}), 'in light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, COLORS), 'in dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * axe itself, once in every document. Its builder for Playwright brings the whole result through a second page each time, which
 * takes five times as long, for the sake of frames; the desk has none.
 */
async function violations(page: Page, options: RunOptions) {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axe.source);
  return page.evaluate(async (options) => {
    // A color on its way from one scheme to the other is neither's.
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
    const found = await window.axe?.run(document, { ...options, resultTypes: ['violations'] });
    if (found === undefined) throw new Error('axe is not in the page');
    return found.violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target) }));
  }, options);
}
