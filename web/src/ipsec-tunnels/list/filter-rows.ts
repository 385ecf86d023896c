// Which tunnels of the list are shown: what is searched for, and the filters.

import type { ShownState } from '@tunnel-desk/shared/health/states';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type HealthByName, healthOf } from '../health/health-by-name.ts';
import { bgpState, hasKey, isHealthCheckOff } from './columns.ts';
import { searchTerms, type TunnelRow } from './tunnel-row.ts';

export interface ListFilter {
  /** Words that must all be in a tunnel's name, addresses, ID, ASN, identity or description. */
  readonly search: string;
  readonly state: ShownState | undefined;
  readonly cloudflareEndpoint: string | undefined;
  readonly isKeyMissing: boolean;
  /** `on`, `off`, or the state of its session as {@link bgpState} names it. */
  readonly bgp: string | undefined;
  readonly isHealthCheckOff: boolean;
}

export const NO_FILTER: ListFilter = {
  search: '',
  state: undefined,
  cloudflareEndpoint: undefined,
  isKeyMissing: false,
  bgp: undefined,
  isHealthCheckOff: false,
};

/** The rows that match, in the order they come in. While no health is known, none has any state. */
export function filterRows(
  rows: readonly TunnelRow[],
  filter: ListFilter,
  health?: HealthByName,
): readonly TunnelRow[] {
  const terms = searchTerms(filter.search);
  const tests = testsOf(filter, health);
  if (terms.length === 0 && tests.length === 0) return rows;
  return rows.filter(
    (row) => tests.every((test) => test(row.tunnel)) && terms.every((term) => row.haystack.includes(term)),
  );
}

/** Whether anything is filtered at all. */
export function isFiltering(filter: ListFilter): boolean {
  return filter.search.trim() !== '' || testsOf(filter).length > 0;
}

type Test = (tunnel: IpsecTunnel) => boolean;

function testsOf(filter: ListFilter, health?: HealthByName): readonly Test[] {
  const { state, cloudflareEndpoint, isKeyMissing, bgp, isHealthCheckOff: isOff } = filter;
  const tests: Test[] = [];
  if (state !== undefined) tests.push(({ name }) => healthOf(health, name)?.state === state);
  if (cloudflareEndpoint !== undefined) tests.push((tunnel) => tunnel.cloudflare_endpoint === cloudflareEndpoint);
  if (isKeyMissing) tests.push((tunnel) => !hasKey(tunnel));
  if (bgp !== undefined) tests.push((tunnel) => matchesBgp(tunnel, bgp));
  if (isOff) tests.push(isHealthCheckOff);
  return tests;
}

function matchesBgp(tunnel: IpsecTunnel, wanted: string): boolean {
  if (wanted === BGP_ON) return tunnel.bgp !== undefined;
  if (wanted === BGP_OFF) return tunnel.bgp === undefined;
  return bgpState(tunnel) === wanted;
}

export const BGP_ON = 'on';
export const BGP_OFF = 'off';
