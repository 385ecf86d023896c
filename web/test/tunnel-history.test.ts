// The past of a tunnel on its page: what is drawn, and what happened on the same axis.

import type { AuditEntry, AuditOutcome } from '@tunnel-desk/shared/api/audit';
import type { HealthHistory } from '@tunnel-desk/shared/api/health';
import { axisOf, stripsOf } from '@tunnel-desk/shared/health/strip';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import {
  beginningOf,
  changesOf,
  changeWords,
  eventsOf,
  letterOf,
  marksOf,
  overallStrip,
  turnsOf,
  turnWords,
} from '../src/ipsec-tunnels/detail/health/events.ts';
import { lastState, stateAt } from '../src/ipsec-tunnels/detail/health/strip-words.ts';
import { Strips } from '../src/ipsec-tunnels/detail/health/strips.tsx';

const MINUTE_MS = 60_000;
const START = '2026-11-30T02:00:00.000Z';
const FROM = Date.parse(START);
const minute = (count: number) => FROM + count * MINUTE_MS;
const iso = (count: number) => new Date(minute(count)).toISOString();

type Scores = readonly (readonly [score: number | null, length: number])[];

/** An hour of these scores, each for so many minutes. */
function buckets(...runs: Scores): (number | null)[] {
  return runs.flatMap(([score, length]) => Array.from({ length }, () => score));
}

const WELL = buckets([1, 60]);
const DOWN_FROM_14 = buckets([1, 14], [0, 45], [null, 1]);
const HISTORY: HealthHistory = {
  checkedAt: iso(60),
  name: 'branch-1',
  range: 'hour',
  start: START,
  bucketMinutes: 1,
  locations: [
    { code: 'AMS', city: 'Amsterdam', score: 0.2, buckets: DOWN_FROM_14 },
    { code: 'FRA', score: 1, buckets: WELL },
  ],
  everywhere: WELL,
  isCutShort: false,
};

function entry(id: number, at: string, parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id,
    at,
    requestId: 'request-1',
    person: 'u-ann',
    personName: 'Ann',
    accountId: '0123456789abcdef0123456789abcdef',
    action: 'generate-psk',
    resource: { kind: 'ipsec-tunnel', id: 'c4a7362d577a6c3019a474fd6f485821', name: 'branch-1' },
    tunnelName: 'branch-1',
    request: {},
    outcome: { at, result: 'generated', codes: [], reconciled: false },
    ...parts,
  };
}

describe('the strips', () => {
  const markup = renderToStaticMarkup(
    createElement(Strips, {
      strips: stripsOf(HISTORY),
      marks: [{ place: 0.25, label: 'A' }],
      from: FROM,
      bucketMs: MINUTE_MS,
      bucketCount: 60,
      formatTick: (at: number) => `tick ${(at - FROM) / MINUTE_MS}`,
      formatBucket: (at: number) => `minute ${(at - FROM) / MINUTE_MS}`,
    }),
  );
  const rects = [...markup.matchAll(/<rect data-state="([\w-]+)" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)]
    .map(([, state, x, y, width, height]) => [state, x, y, width, height].join(' '))
    // Without those of the legend.
    .slice(4);

  test('have one rectangle per span, one after the other, the higher the worse, from one baseline', () => {
    expect(rects).toEqual(['healthy 0 14 14 6', 'down 14 0 45 20', 'no-data 59 19 1 1', 'healthy 0 14 60 6']);
  });

  test('share one axis with the marks', () => {
    expect(markup.match(/viewBox="0 0 60 20"/g)).toHaveLength(2);
    expect(markup).toContain('left:25%');
    expect([...markup.matchAll(/tick (\d+)/g)].map(([, tick]) => tick)).toEqual(['0', '15', '30', '45', '60']);
  });

  test('say in words what the newest moment was like in each data centre, the worst first', () => {
    expect(markup).toContain('aria-valuetext="minute 59: AMS Amsterdam not measured, FRA healthy"');
  });
});

test('a moment has the state of its span, and a strip that of its newest measurement', () => {
  const [ams] = stripsOf(HISTORY);
  if (ams === undefined) throw new Error('there is one');
  expect([13, 14, 58, 59, 60].map((count) => stateAt(ams, minute(count)))).toEqual([
    'healthy',
    'down',
    'down',
    'no-data',
    'no-data',
  ]);
  expect(lastState(ams)).toBe('down');
  const [ended] = stripsOf({ ...HISTORY, locations: [], everywhere: buckets([1, 50], [null, 10]) });
  expect(ended && lastState(ended)).toBe('no-data');
});

describe('over all data centres', () => {
  test('the state is that of their mean, minute by minute', () => {
    expect(overallStrip(HISTORY)?.spans.map(({ state, length }) => `${state} ${length}`)).toEqual([
      'healthy 14',
      'degraded 45',
      'healthy 1',
    ]);
  });

  test('of an idle tunnel it is that of all that probe it', () => {
    const idle = { ...HISTORY, locations: [], everywhere: DOWN_FROM_14 };
    expect(overallStrip(idle)?.spans[1]?.state).toBe('down');
  });
});

describe('what happened', () => {
  const rotated = entry(1, iso(13));
  const [down] = stripsOf(HISTORY);
  const turns = down === undefined ? [] : turnsOf(down, MINUTE_MS);

  test('is told newest first: it went down a minute after its key was replaced', () => {
    const told = eventsOf(turns, changesOf([rotated], FROM)).map((event) =>
      event.kind === 'turn'
        ? `${turnWords(event.turn)} ${new Date(event.turn.at).toISOString()}`
        : `${event.letter} ${event.change.entry.personName} ${changeWords(event.change.entry)}`,
    );
    expect(told).toEqual([`Went down ${iso(14)}`, 'A Ann generated a key for it']);
  });

  test('a change within the bucket of a turn is told as what came before it', () => {
    const [turn] = turns;
    const coarse = turn ? [{ ...turn, at: minute(0), until: minute(15) }] : [];
    expect(eventsOf(coarse, changesOf([rotated], FROM)).map(({ kind }) => kind)).toEqual(['turn', 'change']);
  });

  test('a gap of one or two measurements is no turn, a longer one is', () => {
    const spansOf = (...runs: Scores) => {
      const [strip] = stripsOf({ ...HISTORY, locations: [], everywhere: buckets(...runs) });
      return strip === undefined ? [] : turnsOf(strip, MINUTE_MS).map(turnWords);
    };
    expect(spansOf([1, 30], [null, 2], [1, 28])).toEqual([]);
    expect(spansOf([0, 30], [null, 2], [0.5, 28])).toEqual(['Came up, degraded']);
    expect(spansOf([1, 30], [null, 3], [0.5, 27])).toEqual(['Was not measured any more', 'Was measured: degraded']);
  });

  test.each([
    ['validate-update', 'validated'],
    ['update', 'refused'],
    ['update', 'not-updated'],
  ] as const)('%s that was %s changed nothing', (action, result) => {
    const outcome = { at: iso(13), result, codes: [], reconciled: false };
    expect(changesOf([entry(1, iso(13), { action, outcome })], FROM)).toEqual([]);
  });

  test('what may have been done counts, at the moment it was sent', () => {
    expect(changesOf([entry(1, iso(13), { outcome: null }), entry(2, iso(-1))], FROM)).toMatchObject([
      { at: minute(13) },
    ]);
  });

  test.each([
    [{ name: 'branch-1', psk: true }, 'gave it a new key'],
    [{ name: 'branch-1' }, 'changed it'],
  ])('an update with %j is told as "%s"', (request, words) => {
    const outcome: AuditOutcome = { at: iso(13), result: 'updated', codes: [], reconciled: false };
    expect(changeWords(entry(1, iso(13), { action: 'update', request, outcome }))).toBe(words);
  });
});

describe('the marks', () => {
  const axis = axisOf(HISTORY);

  test('stand where their changes do, and share a label where they are close', () => {
    const changes = changesOf([entry(3, iso(45)), entry(2, iso(16)), entry(1, iso(15))], FROM);
    expect(marksOf(changes, axis)).toEqual([
      { place: 0.25, label: 'A–B' },
      { place: 0.75, label: 'C' },
    ]);
  });

  test('a change that no measurement has got to yet stands at the end', () => {
    expect(marksOf(changesOf([entry(1, iso(61))], FROM), axis)).toEqual([{ place: 1, label: 'A' }]);
  });

  test.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [51, 'AZ'],
  ])('number %i is %s', (index, letter) => {
    expect(letterOf(index)).toBe(letter);
  });
});

describe('nothing before the first measurement', () => {
  const outcome: AuditOutcome = { at: iso(1), result: 'updated', codes: [], reconciled: false };
  const renamed = entry(1, iso(1), {
    action: 'update',
    before: { name: 'old-1' },
    request: { name: 'branch-1' },
    outcome,
  });
  test.each([
    ['because it had another name', iso(-9_000), [renamed], { kind: 'renamed', formerName: 'old-1' }],
    ['because it was created', iso(-2), [], { kind: 'created' }],
    [
      'because of a change that left its name',
      iso(-9_000),
      [{ ...renamed, before: { name: 'branch-1' } }],
      { kind: 'not-known' },
    ],
    [
      'because of a key, which says nothing of the name',
      undefined,
      [{ ...renamed, request: {} }],
      { kind: 'not-known' },
    ],
    ['because of nothing known', undefined, [], { kind: 'not-known' }],
  ] as const)('%s', (_, createdOn, entries, beginning) => {
    expect(beginningOf(minute(2), createdOn, entries)).toEqual(beginning);
  });
});
