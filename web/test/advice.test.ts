// What is known of a tunnel's fields from the account's other tunnels.

import type { Neighbour } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { describe, expect, it } from 'vitest';
import { createAdvice } from '../src/ipsec-tunnels/form/advice.ts';

const OTHERS = [
  { id: '1', name: 'ams', cloudflare_endpoint: '203.0.113.1', interface_address: '10.9.0.0/31' },
  { id: '2', name: 'fra', cloudflare_endpoint: '203.0.113.1', interface_address: '10.9.0.2/31' },
];
const GRE: Neighbour = { kind: 'gre', name: 'gre-lab-1', interface_address: '10.9.0.4/31' };
const KNOWN = {
  interfaceAddressRules: 'reference',
  cloudflareEndpoints: ['198.51.100.1'],
  otherTunnels: OTHERS,
} as const;

describe('the tunnel that is edited', () => {
  const advice = createAdvice({ ...KNOWN, except: '1' });

  it('does not collide with itself', () => {
    expect(advice.on('name', { name: 'ams' })).toEqual([]);
    expect(advice.on('interface_address', { interface_address: '10.9.0.0/31' })).toEqual([]);
  });

  it('collides with the others all the same', () => {
    expect(advice.on('name', { name: 'fra' })).toMatchObject([{ severity: 'conflict' }]);
    expect(createAdvice(KNOWN).on('name', { name: 'ams' })).toMatchObject([{ severity: 'conflict' }]);
  });

  it('keeps none of its addresses from being free', () => {
    expect(advice.findFreeSubnet()).toMatchObject({ interfaceAddress: '10.9.0.0/31' });
    expect(createAdvice(KNOWN).findFreeSubnet()).toMatchObject({ interfaceAddress: '10.9.0.4/31' });
  });
});

describe('GRE tunnels and interconnects', () => {
  const advice = createAdvice({ ...KNOWN, neighbours: [GRE] });

  it('collide, and are called what they are', () => {
    expect(advice.on('name', { name: 'gre-lab-1' })).toMatchObject([
      { message: expect.stringContaining('GRE tunnel') },
    ]);
  });

  it('take up addresses, in a pool too', () => {
    expect(advice.findFreeSubnet()).toMatchObject({ interfaceAddress: '10.9.0.6/31' });
    const inPool = createAdvice({ ...KNOWN, neighbours: [GRE], interfaceAddressPool: ['10.9.0.4/30'] });
    expect(inPool.findFreeSubnet()).toEqual({ kind: 'free', interfaceAddress: '10.9.0.6/31', pool: '10.9.0.4/30' });
  });
});

describe('the Cloudflare endpoints', () => {
  const adviceOn = (cloudflareEndpoints: readonly string[], cloudflare_endpoint: string) =>
    createAdvice({ ...KNOWN, cloudflareEndpoints }).on('cloudflare_endpoint', { cloudflare_endpoint });

  it('to choose from are those in use and those that are configured', () => {
    expect(createAdvice(KNOWN).cloudflareEndpoints).toEqual(['203.0.113.1', '198.51.100.1']);
  });

  it('that are in use are the account’s own, where others are configured', () => {
    expect(adviceOn(['198.51.100.1'], '203.0.113.1')).toEqual([]);
    expect(adviceOn(['198.51.100.1'], '198.51.100.2')).toHaveLength(1);
  });

  it('are not known by those in use alone: an account has two', () => {
    expect(adviceOn([], '198.51.100.2')).toEqual([]);
  });
});
