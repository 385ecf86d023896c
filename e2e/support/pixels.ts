// What is painted on the page, pixel by pixel, for what no style says: outlines, where a text begins.

import type { Page } from '@playwright/test';

export type Color = readonly [red: number, green: number, blue: number];

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The colors along the upper edge of an area of the window, from left to right, in device pixels. */
export async function rowOfPixels(page: Page, area: Area): Promise<Color[]> {
  const picture = await page.screenshot({ clip: area, animations: 'disabled', caret: 'hide' });
  // An empty page has no security policy that would keep it from reading the picture.
  const reader = await page.context().newPage();
  const bytes = await reader.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, 1).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    return [...(context?.getImageData(0, 0, bitmap.width, 1).data ?? [])];
  }, picture.toString('base64'));
  await reader.close();
  const colors: Color[] = [];
  for (let index = 0; index + 3 < bytes.length; index += 4) {
    const [red = 0, green = 0, blue = 0] = bytes.slice(index, index + 3);
    colors.push([red, green, blue]);
  }
  return colors;
}

/** The contrast of two colors, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Color, other: Color): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Color): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
