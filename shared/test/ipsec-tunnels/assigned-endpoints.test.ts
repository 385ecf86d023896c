import { describe, expect, it } from 'vitest';
import { adviseOn } from '../../src/ipsec-tunnels/advisories.ts';
import { indexTunnels } from '../../src/ipsec-tunnels/conflicts.ts';

const ASSIGNED = ['198.51.100.1', '2606:4700::1'];

function adviceOnEndpoint(cloudflare_endpoint: string, cloudflareEndpoints?: readonly string[]): string[] {
  const context = { otherTunnels: indexTunnels([]), interfaceAddressRules: 'reference' } as const;
  return adviseOn({ cloudflare_endpoint }, { ...context, ...(cloudflareEndpoints && { cloudflareEndpoints }) })
    .filter(({ path }) => path[0] === 'cloudflare_endpoint')
    .map(({ message }) => message);
}

describe('a Cloudflare endpoint, where those of the account are known (guide)', () => {
  it.each([
    ['198.51.100.1', 'one of them'],
    ['2606:4700:0::1', 'one of them in another spelling'],
    ['198.51.100.', 'not yet an address'],
  ])('%s is in order: %s', (endpoint) => {
    expect(adviceOnEndpoint(endpoint, ASSIGNED)).toEqual([]);
  });

  it('is advised against when it is none of them', () => {
    expect(adviceOnEndpoint('1.2.3.4', ASSIGNED).join()).toContain('198.51.100.1, 2606:4700::1');
  });

  it('is told once that it is private', () => {
    expect(adviceOnEndpoint('10.0.0.1', ASSIGNED)).toHaveLength(1);
  });

  it('is in order wherever it is when none are known', () => {
    expect(adviceOnEndpoint('1.2.3.4', [])).toEqual([]);
    expect(adviceOnEndpoint('1.2.3.4')).toEqual([]);
  });
});
