// What one sees and can hit: outlines, texts in line, targets, and the classes that all of it needs.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/desk.ts';
import { createButton, field, fillValid, openForm, validateButton } from '../support/form.ts';
import { type Color, contrast, rowOfPixels } from '../support/pixels.ts';

const MINIMUM_CONTRAST = 3;
const MINIMUM_TARGET_PX = 24;

/** A form with everything open, and with issues and advisories. */
async function openFullForm(page: Page): Promise<void> {
  await openForm(page);
  await fillValid(page, { Name: 'a name with spaces', 'Interface address': '10.0.0.0/24' });
  await page.getByRole('heading', { name: 'Health check' }).click();
  await page.getByRole('heading', { name: 'Advanced' }).click();
  await field(page, 'Use BGP').click();
  await field(page, 'Extra prefixes').fill('10.0.0.1/8 10.1.0.1/16');
  await createButton(page).click();
  await expect(page.getByRole('alert')).toBeVisible();
}

/** How far the left edge of a control stands out from what is around it and from what it holds. */
async function edgeContrast(page: Page, control: Locator): Promise<number> {
  await control.scrollIntoViewIfNeeded();
  const box = await control.boundingBox();
  if (box === null) throw new Error('the control is not on the page');
  const colors = await rowOfPixels(page, {
    x: Math.floor(box.x) - 4,
    y: Math.round(box.y + box.height / 2),
    width: 12,
    height: 1,
  });
  const [outside, inside] = [colors.at(0), colors.at(-1)];
  if (outside === undefined || inside === undefined) throw new Error('the picture is empty');
  return Math.max(...colors.map((color) => Math.min(contrast(color, outside), contrast(color, inside))));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    // Twice the pixels: an outline that falls between two is no thinner for it.
    test.use({ colorScheme, deviceScaleFactor: 2 });

    test('every control has an outline that one can see', async ({ page }) => {
      await openForm(page);
      await page.getByRole('heading', { name: 'Health check' }).click();
      await page.getByRole('heading', { name: 'Advanced' }).click();
      await field(page, 'Use BGP').click();
      const controls: Record<string, Locator> = {
        'an input': field(page, 'Name'),
        'a select': field(page, 'Account'),
        'a text area': field(page, 'Extra prefixes'),
        'an unchecked radio': page.getByRole('radio', { name: 'Use my own' }),
        'a switch that is off': page.getByRole('switch', { name: 'Replay protection' }),
        'a button': validateButton(page),
      };
      for (const [what, control] of Object.entries(controls)) {
        expect(await edgeContrast(page, control), what).toBeGreaterThanOrEqual(MINIMUM_CONTRAST);
      }
      const radio = page.getByRole('radio', { name: 'Use my own' });
      await page.getByText('Use my own').hover();
      expect(await edgeContrast(page, radio), 'an unchecked radio under the pointer').toBeGreaterThanOrEqual(
        MINIMUM_CONTRAST,
      );
    });
  });
}

test('the text of a select begins where that of an input does', async ({ page }) => {
  await openForm(page);
  const account = field(page, 'Account');
  const text = await account.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text ?? '');
  await field(page, 'Name').fill(text);
  await field(page, 'Name').blur();
  expect(await textStart(page, account)).toBe(await textStart(page, field(page, 'Name')));
});

/** How many pixels from the left edge of a control its text begins. */
async function textStart(page: Page, control: Locator): Promise<number> {
  const box = await control.boundingBox();
  if (box === null) throw new Error('the control is not on the page');
  const [left, top] = [Math.round(box.x), Math.round(box.y)];
  const starts: number[] = [];
  for (let y = top + 8; y < top + box.height - 8; y++) {
    const colors = await rowOfPixels(page, { x: left + 3, y, width: 40, height: 1 });
    const start = colors.findIndex((color) => differs(color, colors[0]));
    if (start >= 0) starts.push(start + 3);
  }
  return Math.min(...starts);
}

function differs(color: Color, other: Color | undefined): boolean {
  return other === undefined || contrast(color, other) > 1.5;
}

test('everything one presses is at least 24 px wide and high', async ({ page }) => {
  await openFullForm(page);
  expect(await tooSmallTargets(page)).toEqual([]);
});

/** What a press just inside a target's least extent would miss. */
function tooSmallTargets(page: Page): Promise<string[]> {
  return page.evaluate(
    (reach) => {
      const selector = 'a[href], button, input, select, textarea, summary, [role="radio"], [tabindex="0"]';
      const controls = [...document.querySelectorAll<HTMLElement>(selector)].filter(
        (control) => control.checkVisibility() && control.ariaHidden !== 'true',
      );
      const takesPress = (control: HTMLElement, x: number, y: number) => {
        const hit = document.elementFromPoint(x, y);
        return control.contains(hit) || (hit !== null && control.closest('label')?.contains(hit));
      };
      return controls
        .filter((control) => {
          // The skip link shows only while it has the focus, and lies over the bar then.
          if (control.classList.contains('sr-only')) control.focus();
          else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
          control.scrollIntoView({ block: 'center', behavior: 'instant' });
          const { x, y, width, height } = control.getBoundingClientRect();
          const [middleX, middleY] = [x + width / 2, y + height / 2];
          const offsets = [
            [-reach, 0],
            [reach, 0],
            [0, -reach],
            [0, reach],
          ] as const;
          return !offsets.every(([dx, dy]) => takesPress(control, middleX + dx, middleY + dy));
        })
        .map((control) => control.outerHTML.slice(0, 120));
    },
    MINIMUM_TARGET_PX / 2 - 1,
  );
}

test('a heading that takes the focus draws no ring over the text below', async ({ page }) => {
  await openForm(page);
  await fillValid(page);
  await createButton(page).press('Enter');
  const heading = page.getByRole('heading', { name: 'branch-ams-1 was created' });
  await expect(heading).toBeFocused();
  await expect(heading).toHaveCSS('outline-style', 'none');
});

test('the stylesheet has every class that the page is written with', async ({ page }) => {
  await openFullForm(page);
  expect(await classesNotBuilt(page)).toEqual([]);
  await page.getByRole('radio', { name: 'Generate one here' }).click();
  expect(await classesNotBuilt(page)).toEqual([]);
  await field(page, 'Extra prefixes').fill('');
  await field(page, 'Use BGP').click();
  await fillValid(page);
  await validateButton(page).click();
  await expect(page.getByText('Valid. Nothing was created.')).toBeVisible();
  expect(await classesNotBuilt(page)).toEqual([]);
  await createButton(page).click();
  await expect(page.getByRole('heading', { name: 'branch-ams-1 was created' })).toBeVisible();
  expect(await classesNotBuilt(page)).toEqual([]);
});

test.describe('in sandbox mode', () => {
  test.use({ environment: { UPSTREAM: 'sandbox', CLOUDFLARE_ACCOUNTS: '' } });

  test('the stylesheet has every class of the banner too', async ({ page }) => {
    await openForm(page);
    await expect(page.getByText('Sandbox: nothing here reaches Cloudflare.')).toBeVisible();
    expect(await classesNotBuilt(page)).toEqual([]);
  });
});

/** What no rule is for, on purpose: a mark for password managers, and two classes of Kumo's whose colors it lacks. */
const RULELESS = ['keeper-ignore', 'disabled:text-kumo-disabled', 'dark:bg-neutral-850'];

/** The classes of the page's elements that no rule is for, beside those that mark a group for what is in it. */
function classesNotBuilt(page: Page): Promise<string[]> {
  return page.evaluate((marks) => {
    const selectorsOf = (rules: CSSRuleList): string[] =>
      [...rules].flatMap((rule) => [
        ...(rule instanceof CSSStyleRule ? [rule.selectorText] : []),
        ...(rule instanceof CSSGroupingRule || rule instanceof CSSStyleRule ? selectorsOf(rule.cssRules) : []),
      ]);
    const selectors = [...document.styleSheets].flatMap(({ cssRules }) => selectorsOf(cssRules)).join('\n');
    const built = new Set(selectors.match(/\.(?:\\.|[\w-]|\P{ASCII})+/gu));
    const isMark = (name: string) => /^group(\/|$)/.test(name) || marks.includes(name);
    const used = new Set([...document.querySelectorAll('[class]')].flatMap(({ classList }) => [...classList]));
    return [...used].filter((name) => !isMark(name) && !built.has(`.${CSS.escape(name)}`));
  }, RULELESS);
}
