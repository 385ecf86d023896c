// From one reading to the next: who went down, and who came up again.

import type { HealthReading, TunnelHealth } from '@tunnel-desk/shared/api/health';
import { expect, it } from 'vitest';
import { createDownWatch, downIn } from '../../src/health/down-watch.ts';

const SCORES = { down: 0, degraded: 0.8, healthy: 1 };
type States = Readonly<Record<string, TunnelHealth['state']>>;

function tunnelsIn(states: States): TunnelHealth[] {
  return Object.entries(states).map(([name, state]) => ({ name, state, score: SCORES[state] }));
}

/** Readings a minute apart, and whoever is told once it is due. */
function startWatch(toldAtFirst: readonly string[] = []) {
  const watch = createDownWatch();
  const told = new Set(toldAtFirst);
  let minute = 0;
  return {
    told,
    watch,
    read(tunnels: readonly TunnelHealth[], options: Partial<HealthReading> = {}): string {
      const checkedAt = new Date(++minute * 60_000).toISOString();
      const reading = { checkedAt, measuredAt: checkedAt, tunnels: [...tunnels], leftOut: [], ...options };
      const { down, up, gone } = watch.observe(reading, told);
      for (const { name } of down) told.add(name);
      for (const { name } of up) told.delete(name);
      for (const name of gone) told.delete(name);
      return [
        ...down.map(({ name }) => `↓${name}`),
        ...up.map(({ name }) => `↑${name}`),
        ...gone.map((n) => `-${n}`),
      ].join(' ');
    },
  };
}

const D = { a: 'down' } as const;
const H = { a: 'healthy' } as const;
const G = { a: 'degraded' } as const;

it.each<[why: string, told: readonly string[], readings: readonly States[], changes: readonly string[]]>([
  ['down, once, for as long as it lasts', [], [D, D, D, D], ['', '↓a', '', '']],
  ['up again, once', ['a'], [H, H, H], ['', '↑a', '']],
  ['up by two readings again, right after it was told down', [], [D, D, H, D, H, H], ['', '↓a', '', '', '', '↑a']],
  ['nothing where one reading alone says so', [], [H, D, H, H], ['', '', '', '']],
  ['nothing of a tunnel that flaps', [], [D, H, D, H, D], ['', '', '', '', '']],
  ['nothing of one that flaps while it is told down', ['a'], [H, D, H, D], ['', '', '', '']],
  ['up where it is only degraded: it has traffic', ['a'], [G, H], ['', '↑a']],
  ['nothing where it is degraded', [], [H, G, G], ['', '', '']],
  ['nothing where it is as was told before a restart', ['a'], [D, D], ['', '']],
  ['nothing of one that is measured no more: it may be deleted', ['a'], [{}, {}, {}], ['', '', '']],
  ['nothing of one that is new and well', [], [{}, H, H], ['', '', '']],
  ['down where a new one never came up', [], [{}, D, D], ['', '', '↓a']],
  [
    'one beside the other',
    ['b'],
    [
      { a: 'down', b: 'healthy' },
      { a: 'down', b: 'healthy' },
    ],
    ['', '↓a ↑b'],
  ],
])('tells %s', (_why, told, readings, changes) => {
  const { read } = startWatch(told);
  expect(readings.map((states) => read(tunnelsIn(states)))).toEqual(changes);
});

it('tells the same again where it could not be told', () => {
  const { watch } = startWatch();
  const told = new Set<string>();
  const namesAt = (checkedAt: string) =>
    watch.observe({ checkedAt, tunnels: tunnelsIn(D), leftOut: [] }, told).down.map(({ name }) => name);
  expect(['1', '2', '3'].map(namesAt)).toEqual([[], ['a'], ['a']]);
});

it('takes what is measured no further for no second reading', () => {
  const { read } = startWatch();
  const measuredAt = '2026-11-30T02:14:00.000Z';
  expect([read(tunnelsIn(D), { measuredAt }), read(tunnelsIn(D), { measuredAt }), read(tunnelsIn(D))]).toEqual([
    ...['', ''],
    '↓a',
  ]);
});

it('takes a tunnel without measurements for gone after an hour, and tells it down anew', () => {
  const { read, told } = startWatch(['a']);
  const changes = Array.from({ length: 60 }, () => read([]));
  expect(changes.filter((change) => change !== '')).toEqual(['-a']);
  expect(changes.at(-1)).toBe('-a');
  expect(told.size).toBe(0);
  expect([read(tunnelsIn(D)), read(tunnelsIn(D))]).toEqual(['', '↓a']);
});

it('forgets nothing for what a reading leaves out', () => {
  const { read, told } = startWatch(['told']);
  const cut = { leftOut: ['tunnels'] } as const;
  read(tunnelsIn({ a: 'down', told: 'down' }));
  for (let minute = 0; minute < 100; minute++) expect(read([], { leftOut: [...cut.leftOut] })).toBe('');
  expect(told).toEqual(new Set(['told']));
  expect(read(tunnelsIn({ a: 'down', told: 'down' }))).toBe('↓a');
});

it('tells of the worst where the best are left out, unless they may only seem idle', () => {
  const { read } = startWatch();
  const cut: readonly [TunnelHealth, TunnelHealth] = [
    { name: 'a', state: 'down', score: 0 },
    { name: 'idle', state: 'down', score: 0, isIdle: true },
  ];
  const leftOut = () => ({ leftOut: ['tunnels' as const] });
  expect([read(cut, leftOut()), read(cut, leftOut())]).toEqual(['', '↓a']);
  expect(downIn({ checkedAt: '', tunnels: [...cut], leftOut: ['tunnels'] })).toEqual(['a']);
  // Data centres that are left out leave the tunnels whole.
  expect([read(cut, { leftOut: ['locations'] }), read(cut, { leftOut: ['locations'] })]).toEqual(['', '↓idle']);
});

it('compares 10,000 tunnels that all go down and come up', () => {
  const { read, told } = startWatch();
  const all = (state: TunnelHealth['state']) =>
    Array.from({ length: 10_000 }, (_, index) => ({ name: `branch-${index}`, state, score: SCORES[state] }));
  read(all('down'));
  expect(read(all('down')).split(' ')).toHaveLength(10_000);
  expect(told.size).toBe(10_000);
  read(all('healthy'));
  expect(read(all('healthy')).split(' ')).toHaveLength(10_000);
  expect(told.size).toBe(0);
});
