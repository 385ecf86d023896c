// How the health of an account's tunnels joins the list of them.

import { type AccountHealth, HEALTH_PERMISSION, type TunnelHealth } from '@tunnel-desk/shared/api/health';
import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, test } from 'vitest';
import { keepTunnels } from '../src/ipsec-tunnels/api/tunnel-health.ts';
import { byName, countStates, healthOf } from '../src/ipsec-tunnels/health/health-by-name.ts';
import { healthNote, shortSince } from '../src/ipsec-tunnels/health/words.ts';
import { filterRows, NO_FILTER } from '../src/ipsec-tunnels/list/filter-rows.ts';
import { sortRows } from '../src/ipsec-tunnels/list/sort-rows.ts';
import { summaryOf } from '../src/ipsec-tunnels/list/summary-line.tsx';
import { rowOf } from '../src/ipsec-tunnels/list/tunnel-row.ts';

const MEASURED: readonly TunnelHealth[] = [
  { name: 'b-down', state: 'down', score: 0, since: { at: '2026-11-30T02:14:00Z', precision: 'minute' } },
  { name: 'renamed-away', state: 'down', score: 0 },
  { name: 'a-degraded', state: 'degraded', score: 0.6 },
  { name: 'a-well', state: 'healthy', score: 1 },
];
const KNOWN = byName(MEASURED);
const rows = ['a-well', 'a-degraded', 'b-down', 'c-new'].map((name, index) =>
  rowOf(
    ipsecTunnelSchema.parse({
      id: `${index}`,
      name,
      cloudflare_endpoint: '198.51.100.1',
      interface_address: `10.0.0.${2 * index}/31`,
      psk_metadata: { last_generated_on: '2026-11-25T05:30:12Z' },
    }),
  ),
);
const names = (shown: typeof rows) => shown.map(({ tunnel }) => tunnel.name);

test('a tunnel without measurements is unknown, and without any reading nothing is said of any', () => {
  expect(healthOf(KNOWN, 'b-down')).toBe(MEASURED[0]);
  expect(healthOf(KNOWN, 'c-new')?.state).toBe('unknown');
  // The same object each time: its row is not drawn again.
  expect(healthOf(KNOWN, 'c-new')).toBe(healthOf(byName([]), 'other'));
  expect(healthOf(undefined, 'b-down')).toBeUndefined();
});

test('what was measured under a name that no tunnel has any more is not counted', () => {
  expect(countStates(KNOWN, rows)).toEqual({ down: 1, degraded: 1, unknown: 1, healthy: 1 });
});

describe('the next reading', () => {
  const reading = (checkedAt: string, tunnels: readonly TunnelHealth[]): AccountHealth => ({
    kind: 'known',
    checkedAt,
    tunnels: [...tunnels],
    leftOut: [],
  });
  const tunnelsIn = (health: AccountHealth) => (health.kind === 'known' ? health.tunnels : []);
  const before = reading('2026-11-30T10:00:00', MEASURED);

  test('has the same objects but where the health of a tunnel changed, in whatever order they come', () => {
    const changed = structuredClone(MEASURED).map((each) =>
      each.name === 'a-degraded' ? { ...each, score: 0.5 } : each,
    );
    const next = tunnelsIn(keepTunnels(before, reading('2026-11-30T10:01:00', changed.toReversed())));
    expect(next.map((each) => MEASURED.indexOf(each))).toEqual([3, -1, 1, 0]);
  });

  test('is the same list where nothing changed, so that nothing is sorted again', () => {
    const next = keepTunnels(before, reading('2026-11-30T10:01:00', structuredClone(MEASURED)));
    expect(tunnelsIn(next)).toBe(tunnelsIn(before));
  });

  test('that fails leaves what was known the same', () => {
    const { tunnels, checkedAt, leftOut } = { ...before, tunnels: structuredClone([...MEASURED]), leftOut: [] };
    const failed: AccountHealth = {
      kind: 'failed',
      checkedAt: '2026-11-30T10:01:00',
      reason: 'timed-out',
      lastKnown: { checkedAt, tunnels, leftOut },
    };
    const kept = keepTunnels(before, failed);
    expect(kept.kind === 'failed' && kept.lastKnown?.tunnels).toBe(tunnelsIn(before));
  });

  test('has new ones on a new day, because "since 02:14" means another moment then', () => {
    const next = tunnelsIn(keepTunnels(before, reading('2026-12-01T00:01:00', structuredClone(MEASURED))));
    expect(next[0]).not.toBe(MEASURED[0]);
  });
});

describe('by state', () => {
  const byState = { column: 'state', isDescending: false } as const;

  test('the worst come first', () => {
    expect(names([...sortRows(rows, byState, KNOWN)])).toEqual(['b-down', 'a-degraded', 'c-new', 'a-well']);
    expect(names([...sortRows(rows, { ...byState, isDescending: true }, KNOWN)])[0]).toBe('a-well');
  });

  test('another reading has another order, though a row keeps what else it is sorted by', () => {
    const well = byName([{ name: 'b-down', state: 'healthy', score: 1 }]);
    expect(names([...sortRows(rows, byState, well)]).at(-1)).toBe('b-down');
  });

  test('without any reading the order is that of names, and no row has a state', () => {
    expect(names([...sortRows(rows, byState)])).toEqual(['a-degraded', 'a-well', 'b-down', 'c-new']);
    expect(filterRows(rows, { ...NO_FILTER, state: 'unknown' })).toEqual([]);
  });

  test('a filter shows those of one state', () => {
    expect(names([...filterRows(rows, { ...NO_FILTER, state: 'down' }, { health: KNOWN })])).toEqual(['b-down']);
    expect(names([...filterRows(rows, { ...NO_FILTER, state: 'unknown' }, { health: KNOWN })])).toEqual(['c-new']);
  });
});

test('the summary counts the states, each with the filter that shows its tunnels', () => {
  expect(summaryOf(rows, KNOWN)).toEqual([
    { text: '4 tunnels' },
    { text: '1 down', filter: { state: 'down' } },
    { text: '1 degraded', filter: { state: 'degraded' } },
    { text: '1 unknown', filter: { state: 'unknown' } },
  ]);
});

test.each([
  ['minute', '2026-11-30T02:14:00', /^since 0?2:14/],
  ['hour', '2026-11-30T02:00:00', /^since about 0?2:00/],
  ['at-least', '2026-11-30T02:14:00', /^since before 0?2:14/],
  ['minute', '2026-11-29T02:14:00', /^since (29 Nov|Nov 29)$/],
] as const)('since %s %s, in brief', (precision, at, words) => {
  expect(shortSince({ at, precision }, new Date('2026-11-30T10:00:00'))).toMatch(words);
});

describe('the note', () => {
  const checkedAt = '2026-11-30T02:20:00Z';
  const reading = { checkedAt, measuredAt: checkedAt, tunnels: [], leftOut: [] };
  const failed = { kind: 'failed', checkedAt, reason: 'timed-out' } as const;
  const before = { ...reading, checkedAt: '2026-11-30T02:13:00Z' };
  const clock = (moment: string) => new Date(moment).toLocaleTimeString(undefined, { timeStyle: 'medium' });
  const cases: readonly [string, AccountHealth, readonly string[]][] = [
    [
      'names the permission',
      { kind: 'not-permitted', checkedAt, permission: HEALTH_PERMISSION },
      ['Account Analytics Read'],
    ],
    ['says why nothing is known', failed, ['is not known', 'did not respond in time']],
    ['says since when what is shown is', { ...failed, lastKnown: before }, [clock(before.checkedAt), clock(checkedAt)]],
    [
      'repeats what Cloudflare said',
      { ...failed, reason: 'refused', message: 'quota.' },
      ['refused to tell: quota. It'],
    ],
    [
      'says that some are left out',
      { ...reading, kind: 'known', leftOut: ['tunnels'] },
      ['more tunnels than it tells'],
    ],
    ['says that none was measured', { kind: 'known', checkedAt, tunnels: [], leftOut: [] }, ['measured none']],
  ];
  test.each(cases)('%s', (_, health, parts) => {
    for (const part of parts) expect(healthNote(health, undefined)).toContain(part);
  });

  test('is silent where all is told, and while nothing is read yet', () => {
    expect(healthNote({ ...reading, kind: 'known' }, undefined)).toBeUndefined();
    expect(healthNote(undefined, undefined)).toBeUndefined();
  });

  test('says since when the states are where this desk itself stopped telling them', () => {
    expect(healthNote({ ...reading, kind: 'known' }, Date.parse(checkedAt) + 60_000)).toContain(clock(checkedAt));
    expect(healthNote(undefined, 0)).toContain('this desk did not tell it');
  });
});
