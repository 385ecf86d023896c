import { describe, expect, it } from 'vitest';
import { matches, tagOf } from '../../src/ipsec-tunnels/tag.ts';
import { FULL_REQUEST, TUNNEL } from '../support/samples.ts';

const { psk: _, ...FULL } = FULL_REQUEST;
const FULL_TUNNEL = { ...TUNNEL, ...FULL, bgp: { ...FULL.bgp, extra_prefixes: [...FULL.bgp.extra_prefixes] } };

describe('the tag of a tunnel', () => {
  it.each<[string, object]>([
    ['its keys stand in another order', Object.fromEntries(Object.entries(FULL_TUNNEL).toReversed())],
    [
      'its target is an object',
      { health_check: { ...FULL.health_check, target: { saved: '203.0.113.9', effective: 'x' } } },
    ],
    ['the state of its BGP session is another', { bgp_status: { state: 'BGP_DOWN' } }],
    ['Cloudflare tells something that nobody knows', { probes_seen: 7 }],
  ])('is the same when %s', (_why, change) => {
    expect(tagOf({ ...FULL_TUNNEL, ...change })).toBe(tagOf(FULL_TUNNEL));
  });

  it.each<[string, object]>([
    ['modified_on', { modified_on: '2026-01-02T03:04:05.000000001Z' }],
    ['a value', { description: 'south' }],
    ['a value in a group', { bgp: { ...FULL_TUNNEL.bgp, customer_asn: 65002 } }],
    ['the target', { health_check: { ...FULL.health_check, target: '203.0.113.8' } }],
    ['the date of the key', { psk_metadata: { last_generated_on: '2026-01-02T03:04:05Z' } }],
  ])('is another when %s is', (_what, change) => {
    expect(tagOf({ ...FULL_TUNNEL, ...change })).not.toBe(tagOf(FULL_TUNNEL));
  });
});

describe('If-Match', () => {
  it.each([
    ['"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['W/"a"', false],
    ['a', undefined],
    ['"a', undefined],
    ['', undefined],
  ])('%j for the tag "a" is %s', (header, expected) => {
    expect(matches(header, '"a"')).toBe(expected);
  });
});
