// The health of 10,000 tunnels: what it costs the list of them, and how often Cloudflare is asked for it.

import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { API_PREFIX, tunnelHealthPath } from '@tunnel-desk/shared/api/paths';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { openList } from './list.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { startCloudflareDesk, startListUpstream } from './servers.ts';
import { interleave, percentile } from './statistics.ts';

const OPENINGS = 7;
const MAX_TIMES_WITHOUT = 1.2;
const PAGES = 50;
const MINUTES = 2;
/** More often than a page does, which asks once a minute. */
const ASKS_PER_MINUTE = 6;
const MAX_QUERIES_PER_MINUTE = 1;

export const healthMeasurement: Measurement = {
  name: 'health',
  method:
    `Page: the first rows of the list of 10,000 tunnels, ${OPENINGS} openings each without cache, with the health of all and where Cloudflare has\n` +
    `none. Server: how often it asks Cloudflare while ${PAGES} clients ask it for the health of 10,000 tunnels, spread over ${MINUTES} minutes.`,
  async run() {
    await using upstream = await startListUpstream({ HEALTH: 'yes' });
    await using desk = await startCloudflareDesk(upstream.origin);
    return [...(await listWithHealth(desk.origin)), await queriesPerMinute(upstream.origin)];
  },
};

async function listWithHealth(origin: string): Promise<Row[]> {
  await using upstreamWithout = await startListUpstream();
  await using deskWithout = await startCloudflareDesk(upstreamWithout.origin);
  const origins = { with: origin, without: deskWithout.origin };
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    // The first of each also warms up the server.
    for (const each of Object.values(origins)) await openList(browser, each);
    const times = await interleave(['with', 'without'] as const, OPENINGS, (name) => openList(browser, origins[name]));
    const row = (what: string, share: number): Row => ({
      ...{ measurement: 'health', what: `first rows with health painted, ${what}`, unit: 'ms' },
      figure: percentile(times.get('with') ?? [], share),
      reference: { what: 'without health', figure: percentile(times.get('without') ?? [], share) },
    });
    const target = { kind: 'at most times', timesReference: MAX_TIMES_WITHOUT } as const;
    return [{ ...row('p50', 0.5), target }, row('slowest', 1)];
  } finally {
    await browser.close();
  }
}

/** Of a desk of its own, whose first query is the first one counted. */
async function queriesPerMinute(upstreamOrigin: string): Promise<Row> {
  await using desk = await startCloudflareDesk(upstreamOrigin);
  const url = desk.origin + API_PREFIX + tunnelHealthPath(ACCOUNT_ID);
  const before = await queriesOf(upstreamOrigin);
  const asks = PAGES * ASKS_PER_MINUTE * MINUTES;
  const startedAt = performance.now();
  for (let ask = 0; ask < asks; ask++) {
    await delay(Math.max(0, startedAt + (ask * MINUTES * 60_000) / asks - performance.now()));
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`status ${response.status}`);
  }
  return {
    ...{ measurement: 'health', what: `queries to Cloudflare with ${PAGES} pages open`, unit: '/min' },
    figure: ((await queriesOf(upstreamOrigin)) - before) / MINUTES,
    reference: { what: 'asked by the pages', figure: asks / MINUTES },
    target: { kind: 'at most', figure: MAX_QUERIES_PER_MINUTE },
  };
}

async function queriesOf(upstreamOrigin: string): Promise<number> {
  return Number(await (await fetch(`${upstreamOrigin}/queries`)).text());
}
