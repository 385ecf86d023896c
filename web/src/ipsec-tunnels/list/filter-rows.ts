// Which tunnels of the list are shown: what is searched for, and the filters.

import type { ShownState } from '@tunnel-desk/shared/health/states';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { DriftById, ListedDrift } from '../drift/drift-by-id.ts';
import { type HealthByName, healthOf } from '../health/health-by-name.ts';
import { bgpState, hasKey, isHealthCheckOff } from './columns.ts';
import { searchTerms, type TunnelRow } from './tunnel-row.ts';

export interface ListFilter {
  /** Words that must all be in a tunnel's name, addresses, ID, ASN, identity or description. */
  readonly search: string;
  readonly state: ShownState | undefined;
  /** What was done to them elsewhere. */
  readonly elsewhere: ListedDrift | undefined;
  readonly cloudflareEndpoint: string | undefined;
  readonly isKeyMissing: boolean;
  /** `on`, `off`, or the state of its session as {@link bgpState} names it. */
  readonly bgp: string | undefined;
  readonly isHealthCheckOff: boolean;
}

export const NO_FILTER: ListFilter = {
  search: '',
  state: undefined,
  elsewhere: undefined,
  cloudflareEndpoint: undefined,
  isKeyMissing: false,
  bgp: undefined,
  isHealthCheckOff: false,
};

/** What is known of the tunnels beside themselves. */
export interface KnownBeside {
  readonly health?: HealthByName | undefined;
  readonly drift?: DriftById | undefined;
}

/** The rows that match, in the order they come in. While no health is known, none has any state; the same with drift. */
export function filterRows(
  rows: readonly TunnelRow[],
  filter: ListFilter,
  known: KnownBeside = {},
): readonly TunnelRow[] {
  const terms = searchTerms(filter.search);
  const tests = testsOf(filter, known);
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

function testsOf(filter: ListFilter, { health, drift }: KnownBeside = {}): readonly Test[] {
  const { state, elsewhere, cloudflareEndpoint, isKeyMissing, bgp, isHealthCheckOff: isOff } = filter;
  const tests: Test[] = [];
  if (state !== undefined) tests.push(({ name }) => healthOf(health, name)?.state === state);
  if (elsewhere !== undefined) tests.push(({ id }) => drift?.get(id) === elsewhere);
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
