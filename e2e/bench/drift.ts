// For how long the desk keeps others waiting while it compares 10,000 tunnels with what it knows of them.

import { setTimeout as delay } from 'node:timers/promises';
import { API_PREFIX, driftPath, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID } from './samples.ts';
import { type LongestStretches, startDeskWithLoopClock, startListUpstream } from './servers.ts';

/** A list that is so old, in milliseconds, is read again. */
const ANOTHER_LIST_AFTER_MS = 31_000;
const MAX_STRETCH_MS = 10;

export const driftMeasurement: Measurement = {
  name: 'drift',
  method:
    'Server: the drift of 10,000 tunnels: taken for known at first, then as they were, then every one changed. The longest\n' +
    'stretch from one turn of the event loop to the next, by the clock, which other work on the machine makes longer, and of\n' +
    'the main thread’s processor time alone; the reference passes the same list on. The response is read as it comes.',
  async run() {
    await using upstream = await startListUpstream();
    const { desk, longestStretches } = await startDeskWithLoopClock(upstream.origin);
    await using _desk = desk;
    const during = async (path: string) => {
      await longestStretches();
      const response = await fetch(desk.origin + API_PREFIX + path);
      const bytes = (await response.arrayBuffer()).byteLength;
      if (!response.ok) throw new Error(`${path}: status ${response.status}`);
      return { ...(await longestStretches()), bytes };
    };
    // The first also loads what is loaded only once.
    await during(ipsecTunnelsPath(ACCOUNT_ID));
    const passed = await during(ipsecTunnelsPath(ACCOUNT_ID));
    const first = await during(driftPath(ACCOUNT_ID));
    await delay(ANOTHER_LIST_AFTER_MS);
    const unchanged = await during(driftPath(ACCOUNT_ID));
    await fetch(`${upstream.origin}/change`);
    await delay(ANOTHER_LIST_AFTER_MS);
    const changed = await during(driftPath(ACCOUNT_ID));
    if (changed.bytes < 100 * unchanged.bytes) throw new Error('nothing was found to be changed');
    return [
      ...rows('taken for known at first', first, passed),
      ...rows('as they were', unchanged, passed),
      ...rows('all changed', changed, passed),
    ];
  },
};

function rows(what: string, drift: LongestStretches, passed: LongestStretches): Row[] {
  const row = (measured: string, time: keyof LongestStretches): Row => ({
    measurement: 'drift',
    what: `longest stretch, 10,000 tunnels ${what}, ${measured}`,
    unit: 'ms',
    figure: drift[time],
    reference: { what: 'list passed on', figure: passed[time] },
    target: { kind: 'at most', figure: MAX_STRETCH_MS },
  });
  return [row('by the clock', 'wallMs'), row('processor', 'processorMs')];
}
