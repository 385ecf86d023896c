import { describe, expect, it } from 'vitest';
import { keepUnchanged } from '../src/ipsec-tunnels/api/keep-unchanged.ts';

const tunnel = (id: string, rest: object = {}) => ({
  id,
  bgp: { customer_asn: 1, extra_prefixes: ['a', 'b'] },
  ...rest,
});
const byId = ({ id }: { readonly id: string }) => id;
const LIST = [tunnel('1'), tunnel('2'), tunnel('3')];

it('returns the previous list itself where nothing has changed', () => {
  expect(keepUnchanged(LIST, structuredClone(LIST), byId)).toBe(LIST);
});

it('keeps the other tunnels where one is new in front of them', () => {
  const kept = keepUnchanged(LIST, [tunnel('0'), ...structuredClone(LIST)], byId);
  expect(kept.map((each) => LIST.indexOf(each))).toEqual([-1, 0, 1, 2]);
});

it.each([
  { next: [LIST[1], LIST[0], LIST[2]], why: 'in another order' },
  { next: [LIST[0], LIST[1]], why: 'without the last' },
  { next: [], why: 'empty' },
])('returns the next list where it is another: $why', ({ next }) => {
  expect(
    keepUnchanged(
      LIST,
      structuredClone(next).flatMap((each) => each ?? []),
      byId,
    ),
  ).toEqual(next);
});

describe('takes the new object of a tunnel', () => {
  it.each([
    { changed: tunnel('2', { name: 'new' }), why: 'that has a field more' },
    { changed: { id: '2' }, why: 'that has a field less' },
    { changed: tunnel('2', { bgp: null }), why: 'with null in place of a group' },
    {
      changed: tunnel('2', { bgp: { customer_asn: 2, extra_prefixes: ['a', 'b'] } }),
      why: 'with another value in a group',
    },
    {
      changed: tunnel('2', { bgp: { customer_asn: 1, extra_prefixes: ['a', 'c'] } }),
      why: 'with another entry in a list',
    },
    { changed: tunnel('2', { bgp: { customer_asn: 1, extra_prefixes: ['a'] } }), why: 'with an entry less' },
    {
      changed: tunnel('2', { bgp: { customer_asn: 1, extra_prefixes: { 0: 'a', 1: 'b' } } }),
      why: 'with a group for a list',
    },
    { changed: tunnel('2', { bgp: { customer_asn: 1, others: ['a', 'b'] } }), why: 'with another key' },
  ])('$why', ({ changed }) => {
    const [one, two, three] = structuredClone(LIST);
    if (one === undefined || two === undefined || three === undefined) throw new Error('there are three');
    const next: { readonly id: string }[] = [one, changed, three];
    const kept = keepUnchanged<{ readonly id: string }>(LIST, next, byId);
    expect(kept[0]).toBe(LIST[0]);
    expect(kept[1]).toBe(changed);
    expect(kept[2]).toBe(LIST[2]);
  });
});
