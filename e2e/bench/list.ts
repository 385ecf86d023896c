// The list of 10,000 tunnels in Chromium: until its first rows are painted, while it scrolls, and while one searches.

import { type Browser, chromium, type Page } from '@playwright/test';
import { API_PREFIX, HEALTH_PATH, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { installKeystrokeClock } from './keystroke-clock.ts';
import { installListClock } from './list-clock.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { startCloudflareDesk, startListUpstream } from './servers.ts';
import { interleave, percentile } from './statistics.ts';

const OPENINGS = 5;
const KEYSTROKES = 40;
const WARM_UP_KEYSTROKES = 6;
const ROUNDS_OF_KEYSTROKES = 3;
const LONGEST_PAUSE_MS = 34;
const SLOWDOWN = 4;
const SCROLL_ROUNDS = 3;
/** As fast as a thumb that throws a list. */
const SCROLL_PX_PER_S = 3_000;
const SCROLL_PX = 6_000;
/** Headless Chromium draws 60 frames a second: one that takes longer than one and a half has missed its turn. */
const LATE_AFTER_MS = 25;
const VIEWPORT = { width: 1280, height: 900 };
const MAX_TIMES_BARE = 1.5;
const MAX_LATE_PERCENT = 1;
const MAX_TIMES_PLAIN = 1.6;
const LIST_PATH = `/accounts/${ACCOUNT_ID}/ipsec-tunnels`;

export const listMeasurement: Measurement = {
  name: 'list',
  method:
    'Page: the list of 10,000 tunnels, 13.5 MB, in headless Chromium at its 60 Hz; everything beside its reference in turn.\n' +
    `First rows: ${OPENINGS} openings without cache, from the navigation to the end of the main thread’s work on the frame that shows\n` +
    'rows, so with the page’s own files and its session; the reference only fetches the list from the same server, and parses it.\n' +
    `Scrolling: ${SCROLL_ROUNDS} times ${SCROLL_PX.toLocaleString('en')} px at ${SCROLL_PX_PER_S.toLocaleString('en')} px/s; ` +
    `a frame that begins more than ${LATE_AFTER_MS} ms after the one before is late; the reference is a page of\nplain lines. ` +
    `Search: ${ROUNDS_OF_KEYSTROKES} times ${KEYSTROKES} keystrokes that take it from 10,000 rows to 1,111 and back, on a ${SLOWDOWN} times slower\n` +
    'processor; the letter, and the number of rows found; the reference is a plain <input> whose handler writes one text node.',
  async run() {
    await using upstream = await startListUpstream();
    await using desk = await startCloudflareDesk(upstream.origin);
    const browser = await chromium.launch(chromiumLaunchOptions());
    try {
      return [
        ...(await firstRows(browser, desk.origin)),
        ...(await scrolling(browser, desk.origin)),
        ...(await searching(browser, desk.origin)),
      ];
    } finally {
      await browser.close();
    }
  },
};

async function firstRows(browser: Browser, origin: string): Promise<Row[]> {
  const take = { page: () => openList(browser, origin), bare: () => fetchList(browser, origin) };
  // The first of each also warms up the server.
  for (const opened of Object.values(take)) await opened();
  const times = await interleave(['page', 'bare'] as const, OPENINGS, (name) => take[name]());
  const row = (what: string, share: number): Row => ({
    measurement: 'list',
    what: `first rows painted, ${what}`,
    unit: 'ms',
    figure: percentile(times.get('page') ?? [], share),
    reference: { what: 'fetch and JSON.parse', figure: percentile(times.get('bare') ?? [], share) },
  });
  return [{ ...row('p50', 0.5), target: { kind: 'at most times', timesReference: MAX_TIMES_BARE } }, row('slowest', 1)];
}

/** Until its first rows are painted, in milliseconds since the navigation began. */
export async function openList(browser: Browser, origin: string): Promise<number> {
  await using context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(installListClock);
  await page.goto(origin + LIST_PATH, { waitUntil: 'commit' });
  return await page.evaluate(() => window.firstRows);
}

async function fetchList(browser: Browser, origin: string): Promise<number> {
  await using context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.goto(origin + HEALTH_PATH);
  return await page.evaluate(async (path) => {
    const startedAt = performance.now();
    JSON.parse(await (await fetch(path)).text());
    return performance.now() - startedAt;
  }, API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID));
}

async function scrolling(browser: Browser, origin: string): Promise<Row[]> {
  const open = { list: () => listPage(browser, origin), plain: () => plainPage(browser) };
  const rounds = await interleave(['list', 'plain'] as const, SCROLL_ROUNDS, async (name) =>
    scroll(await open[name]()),
  );
  const frames = (name: keyof typeof open) => (rounds.get(name) ?? []).flat();
  const latePercent = (name: keyof typeof open) =>
    (100 * frames(name).filter((ms) => ms > LATE_AFTER_MS).length) / frames(name).length;
  return [
    {
      measurement: 'list',
      what: 'frames late while it scrolls',
      unit: '%',
      figure: latePercent('list'),
      reference: { what: 'plain lines', figure: latePercent('plain') },
      target: { kind: 'at most', figure: MAX_LATE_PERCENT },
    },
    {
      measurement: 'list',
      what: 'from frame to frame while it scrolls, p99',
      unit: 'ms',
      figure: percentile(frames('list'), 0.99),
      reference: { what: 'plain lines', figure: percentile(frames('plain'), 0.99) },
    },
  ];
}

/** From each frame to the next on the way down and up again, in milliseconds; closes the page. */
async function scroll(page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const by = (yDistance: number) =>
    session.send('Input.synthesizeScrollGesture', {
      ...{ x: VIEWPORT.width / 2, y: VIEWPORT.height / 2, yDistance, speed: SCROLL_PX_PER_S },
      ...{ gestureSourceType: 'mouse', preventFling: true },
    });
  await page.evaluate(() => window.watchFrames());
  await by(-SCROLL_PX);
  await by(SCROLL_PX);
  const frames = await page.evaluate(() => window.watchedFrames());
  await page.close();
  return frames;
}

async function searching(browser: Browser, origin: string): Promise<Row[]> {
  const open = { list: () => listPage(browser, origin), plain: () => plainPage(browser) };
  const rounds = await interleave(['list', 'plain'] as const, ROUNDS_OF_KEYSTROKES, async (name) =>
    typeInto({ page: await open[name](), ...SELECTORS[name] }),
  );
  const times = (name: keyof typeof open, time: keyof Searched) =>
    (rounds.get(name) ?? []).flat().map((searched) => searched[time]);
  const row = (what: string, time: keyof Searched, share: number): Row => ({
    measurement: 'list',
    what: `${what}, ${SLOWDOWN}× slower CPU, p${100 * share}`,
    unit: 'ms',
    figure: percentile(times('list', time), share),
    reference: { what: 'plain input', figure: percentile(times('plain', time), share) },
  });
  const target = { kind: 'at most times', timesReference: MAX_TIMES_PLAIN } as const;
  return [
    row('letter in the search painted', 'letterMs', 0.5),
    { ...row('letter in the search painted', 'letterMs', 0.95), target },
    row('what it finds painted', 'foundMs', 0.5),
    row('what it finds painted', 'foundMs', 0.95),
  ];
}

const SELECTORS = {
  // Another status, of the button that refreshes, comes and goes.
  list: { fieldSelector: 'input[type="search"]', foundSelector: 'main p [role="status"]' },
  plain: { fieldSelector: '#field', foundSelector: '#found' },
} as const;

/** A field, and where it is told how many rows are found. */
interface Probe {
  readonly page: Page;
  readonly fieldSelector: string;
  readonly foundSelector: string;
}

/** From the key event's timestamp to the frame that shows it, in milliseconds. */
interface Searched {
  readonly letterMs: number;
  readonly foundMs: number;
}

/** Opens with `branch-` in the field; closes the page. */
async function typeInto({ page, fieldSelector, foundSelector }: Probe): Promise<Searched[]> {
  await page.locator(fieldSelector).fill('branch-');
  await page.locator(fieldSelector).focus();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  const searched: Searched[] = [];
  for (let count = 0; count < WARM_UP_KEYSTROKES + KEYSTROKES; count++) {
    await page.evaluate(
      ([field, found]) => {
        window.watchNextLetter(field);
        window.watchNextKeystroke(found);
      },
      [fieldSelector, foundSelector] as const,
    );
    await page.waitForTimeout(Math.random() * LONGEST_PAUSE_MS);
    await page.keyboard.press(count % 2 === 0 ? '9' : 'Backspace');
    searched.push(
      await page.evaluate(async () => ({
        letterMs: await window.watchedLetter,
        foundMs: (await window.watchedKeystroke).toPaintMs,
      })),
    );
  }
  await page.close();
  return searched.slice(WARM_UP_KEYSTROKES);
}

/** Opened anew each round, so that no list is old enough to be read again meanwhile. */
async function listPage(browser: Browser, origin: string): Promise<Page> {
  const page = await clockedPage(browser);
  await page.goto(origin + LIST_PATH);
  await page.evaluate(() => window.firstRows);
  return page;
}

/** An input, and as many lines as the list scrolls past. */
async function plainPage(browser: Browser): Promise<Page> {
  const page = await clockedPage(browser);
  await page.goto('data:text/html,<!doctype html><input id="field"><p id="found"></p><div id="lines"></div>');
  await page.evaluate((height) => {
    const lines = document.querySelector('#lines');
    for (let top = 0; top < height; top += 20)
      lines?.append(Object.assign(document.createElement('div'), { textContent: `branch-${top}` }));
    const found = document.querySelector('#found');
    document.querySelector('#field')?.addEventListener('input', ({ target }) => {
      const isFew = target instanceof HTMLInputElement && target.value.endsWith('9');
      if (found !== null) found.textContent = isFew ? '1,111 shown' : '';
    });
  }, 2 * SCROLL_PX);
  return page;
}

async function clockedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.addInitScript(installKeystrokeClock);
  await page.addInitScript(installListClock);
  return page;
}
