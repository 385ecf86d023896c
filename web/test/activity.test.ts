// What the activity page makes of a URL, of a record and of a time, where no browser is needed to see it.

import type { AuditAction, AuditEntry, AuditResult } from '@tunnel-desk/shared/api/audit';
import { describe, expect, test } from 'vitest';
import { filterWords } from '../src/activity/filter-words.ts';
import { fromLocalInput, minutesAgo, toLocalInput } from '../src/activity/local-time.ts';
import { valueChanges, valuesOf } from '../src/activity/value-changes.ts';
import { activityPath, exportPath, readFilter, readOpenEntry } from '../src/audit/filter.ts';
import { outcomeOf, whatWasDone } from '../src/audit/words.ts';

const ALL =
  'person=ann%40example.com&account=0123456789abcdef0123456789abcdef&tunnel=a+%26+b&tunnel_id=c4a7362d577a6c3019a474fd6f485821&action=update&outcome=unknown&since=2026-07-29T03%3A30%3A12.000Z&until=2026-07-30T00%3A00%3A00.000Z';

describe('the filter in the URL', () => {
  test('is read as it was written, for the page and for the export', () => {
    const filter = readFilter(`?${ALL}`);
    expect(filter).toMatchObject({ person: 'ann@example.com', tunnel: 'a & b', action: 'update', outcome: 'unknown' });
    expect(activityPath(filter)).toBe(`/activity?${ALL}`);
    expect(exportPath(filter)).toBe(`/api/audit/export?${ALL}`);
  });

  test('is written alike in whatever order it was read', () => {
    expect(activityPath(readFilter('?outcome=refused&person=ann'))).toBe('/activity?person=ann&outcome=refused');
  });

  test.each([
    ['?action=destroy', 'no action there is'],
    ['?outcome=', 'no outcome'],
    ['?person=', 'nobody'],
    ['?since=yesterday', 'no moment'],
    ['?until=2026-01-01T00:00:00', 'a moment without its zone'],
    ['?page=3', 'no filter there is'],
  ])('leaves out %s: %s', (search) => {
    expect(activityPath(readFilter(search))).toBe('/activity');
  });

  test('takes a date for its whole day', () => {
    expect(readFilter('?since=2026-07-29&until=2026-07-29')).toMatchObject({
      since: '2026-07-29T00:00:00.000Z',
      until: '2026-07-30T00:00:00.000Z',
    });
  });

  test('stands beside the entry that is open', () => {
    const path = activityPath(readFilter('?person=ann'), 12);
    expect(path).toBe('/activity?person=ann&entry=12');
    expect(readOpenEntry('?person=ann&entry=12')).toBe(12);
  });

  test.each(['', '?entry=', '?entry=0', '?entry=-1', '?entry=1e3', '?entry=9999999999999999'])(
    'opens no entry for "%s"',
    (search) => expect(readOpenEntry(search)).toBeUndefined(),
  );

  test('is said in words', () => {
    const context = {
      accounts: [{ id: '0123456789abcdef0123456789abcdef', label: 'Head office' }],
      personNames: new Map([['ann@example.com', 'Ann']]),
    };
    const filter = readFilter(`?${ALL}`);
    const words = (['person', 'account', 'tunnel', 'tunnel_id', 'action', 'outcome'] as const).map((name) =>
      filterWords(name, filter, context),
    );
    expect(words).toEqual([
      'Person: Ann',
      'Account: Head office',
      'Tunnel: a & b',
      'Tunnel ID: …6f485821',
      'Action: Change',
      'Outcome: Not known',
    ]);
    expect(filterWords('person', readFilter('?person=eve'), context)).toBe('Person: eve');
  });
});

const BEFORE = {
  id: 'c4a7362d577a6c3019a474fd6f485821',
  name: 'branch-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  description: '',
  replay_protection: false,
  health_check: {
    enabled: true,
    rate: 'mid',
    type: 'reply',
    direction: 'bidirectional',
    target: { saved: '', effective: '10.0.0.1' },
  },
  bgp: { customer_asn: 65001, extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] },
  created_on: '2026-01-02T03:04:05Z',
  modified_on: '2026-01-02T03:04:05Z',
};
const SAME = {
  name: 'branch-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  health_check: { direction: 'bidirectional' },
  bgp: { customer_asn: 65001, extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] },
};

describe('what a change did', () => {
  test.each<[string, object]>([
    ['a request of the same values', SAME],
    ['defaults that were left out before', { ...SAME, automatic_return_routing: false, replay_protection: false }],
    ['a target in its other form', { ...SAME, health_check: { direction: 'bidirectional', target: '' } }],
  ])('is nothing for %s', (_what, request) => {
    expect(valueChanges(BEFORE, request)).toEqual([]);
  });

  test.each<[string, object, object]>([
    [
      'a value that is another',
      { ...SAME, interface_address: '10.0.0.2/31' },
      { path: 'interface_address', label: 'Interface address', before: '10.0.0.0/31', after: '10.0.0.2/31' },
    ],
    [
      'a value that was not set',
      { ...SAME, description: 'north' },
      { path: 'description', label: 'Description', before: undefined, after: 'north' },
    ],
    [
      'a switch',
      { ...SAME, replay_protection: true },
      { path: 'replay_protection', label: 'Replay protection', before: 'off', after: 'on' },
    ],
    [
      'a value in a group',
      { ...SAME, health_check: { direction: 'bidirectional', rate: 'high' } },
      { path: 'health_check.rate', label: 'Health check rate', before: 'mid', after: 'high' },
    ],
    [
      'a list',
      { ...SAME, bgp: { ...SAME.bgp, extra_prefixes: ['10.1.0.0/16'] } },
      { path: 'bgp.extra_prefixes', label: 'Extra prefixes', before: '10.1.0.0/16, 10.2.0.0/16', after: '10.1.0.0/16' },
    ],
    [
      'a value that the form does not have',
      { ...SAME, colour: 'blue' },
      { path: 'colour', label: undefined, before: undefined, after: 'blue' },
    ],
  ])('is told of %s', (_what, request, change) => {
    expect(valueChanges(BEFORE, request)).toEqual([change]);
  });

  test('is nothing about a pre-shared key', () => {
    expect(valueChanges(BEFORE, { ...SAME, psk: true })).toEqual([]);
    expect(valuesOf({ name: 'branch-1', psk: true })).toEqual([{ path: 'name', label: 'Name', text: 'branch-1' }]);
  });

  test('is nothing where an address is spelled otherwise', () => {
    const [before, request] = ['2001:db8::2/127', '2001:0db8:0::2/127'].map((each) => ({ interface_address6: each }));
    expect(valueChanges(before ?? {}, request ?? {})).toEqual([]);
  });

  test('is told of each value of a group that was left out', () => {
    const { bgp: _, ...request } = SAME;
    expect(valueChanges(BEFORE, request)).toMatchObject([
      { label: 'Customer ASN', before: '65001', after: undefined },
      { label: 'Extra prefixes', before: '10.1.0.0/16, 10.2.0.0/16', after: undefined },
    ]);
  });
});

test('a recorded object is told whole: what the form has in its order, then the rest', () => {
  expect(valuesOf(BEFORE).map(({ label, path, text }) => `${label ?? path}: ${text}`)).toEqual([
    'Name: branch-1',
    'Cloudflare endpoint: 198.51.100.1',
    'Interface address: 10.0.0.0/31',
    'Replay protection: off',
    'Run health checks: on',
    'Health check rate: mid',
    'Health check type: reply',
    'Health check direction: bidirectional',
    'Customer ASN: 65001',
    'Extra prefixes: 10.1.0.0/16, 10.2.0.0/16',
    'id: c4a7362d577a6c3019a474fd6f485821',
    'created_on: 2026-01-02T03:04:05Z',
    'modified_on: 2026-01-02T03:04:05Z',
  ]);
});

describe('an entry in words', () => {
  const ended = (action: AuditAction, result: AuditResult | undefined): Pick<AuditEntry, 'action' | 'outcome'> => ({
    action,
    outcome: result === undefined ? null : { at: '', result, codes: [], reconciled: false },
  });

  test.each<[AuditAction, AuditResult | undefined, string]>([
    ['create', 'created', 'created'],
    ['create', 'refused', 'tried to create'],
    ['update', 'updated', 'changed'],
    ['update', 'unknown', 'tried to change'],
    ['delete', 'deleted', 'deleted'],
    ['delete', 'not-deleted', 'tried to delete'],
    ['delete', undefined, 'tried to delete'],
    ['generate-psk', 'generated', 'generated a key for'],
    ['generate-psk', 'interrupted', 'tried to generate a key for'],
    ['validate', 'validated', 'validated'],
    ['validate', 'refused', 'validated'],
    ['accept-drift', 'accepted', 'accepted what was done elsewhere to'],
    ['find-drift', 'deleted-elsewhere', 'found what was done elsewhere to'],
  ])('%s, %s: "%s"', (action, result, words) => {
    expect(whatWasDone(ended(action, result))).toBe(words);
  });

  test.each<[AuditResult | undefined, string]>([
    ['unknown', 'unknown'],
    ['interrupted', 'unknown'],
    ['refused', 'refused'],
    ['not-updated', 'not-done'],
    ['generated', 'done'],
    ['accepted', 'done'],
    ['made-elsewhere', 'elsewhere'],
    [undefined, 'open'],
  ])('that ended as %s looks %s', (result, tone) => {
    expect(outcomeOf(ended('update', result)).tone).toBe(tone);
  });
});

describe('a moment that is typed', () => {
  test('is in local time, to the minute, and comes back as it was', () => {
    const moment = fromLocalInput('2026-07-29T03:30');
    expect(moment).toBe(new Date(2026, 6, 29, 3, 30).toISOString());
    expect(toLocalInput(moment)).toBe('2026-07-29T03:30');
  });

  test('may be none', () => {
    expect(fromLocalInput('')).toBeUndefined();
    expect(toLocalInput(undefined)).toBe('');
    expect(toLocalInput('soon')).toBe('');
  });

  test('some minutes ago is a whole minute', () => {
    expect(minutesAgo(60, Date.parse('2026-07-29T03:30:59.999Z'))).toBe('2026-07-29T02:30:00.000Z');
  });
});
