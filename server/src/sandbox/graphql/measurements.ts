// What the sandbox's data centres measured of its tunnels, made up by rules that say the same at every time: a tunnel without a
// key, or with its health check off, is down; the others are well, but for an incident now and then.

import type { StoredTunnel } from '../tunnel-store.ts';

export interface Location {
  readonly code: string;
  readonly city: string;
}

const AMSTERDAM: Location = { code: 'AMS', city: 'Amsterdam' };
const LOCATIONS: readonly Location[] = [
  AMSTERDAM,
  { code: 'ARN', city: 'Stockholm' },
  { code: 'CDG', city: 'Paris' },
  { code: 'DFW', city: 'Dallas' },
  { code: 'FRA', city: 'Frankfurt' },
  { code: 'GRU', city: 'São Paulo' },
  { code: 'IAD', city: 'Ashburn' },
  { code: 'LHR', city: 'London' },
  { code: 'NRT', city: 'Tokyo' },
  { code: 'ORD', city: 'Chicago' },
  { code: 'SIN', city: 'Singapore' },
  { code: 'SYD', city: 'Sydney' },
];

export const MINUTE_MS = 60_000;
/** Measurements are there once their minute is over. */
const LATE_MS = MINUTE_MS;
/** How long a router takes to use a new key, in minutes. */
const KEY_CHANGE_MINUTES = 3;
/** What is new is looked after: it has no incidents, in minutes. */
const FIRST_INCIDENT_AFTER = 24 * 60;
/** In six hours a tunnel has one incident, or none. */
const SLOT_MINUTES = 360;
const SLOTS_PER_INCIDENT = 8;
/** Data centres that probe a tunnel without having traffic for it. */
const IDLE_LOCATIONS = 2;

/** A tunnel under one of its names, with the time it had it, in minutes since the epoch. */
export interface Series {
  readonly name: string;
  readonly tunnel: StoredTunnel;
  readonly from: number;
  readonly until: number;
}

/** Under its name, and under those it had before. `now` in milliseconds since the epoch. */
export function seriesOf(tunnel: StoredTunnel, now: number): Series[] {
  const end = minuteOf(now - LATE_MS) + 1;
  const { formerNames = [], settings, createdOn } = tunnel;
  let from = minuteOf(Date.parse(createdOn));
  const series = formerNames.map(({ name, until }) => {
    const ended = { name, tunnel, from, until: Math.min(end, minuteOf(until)) };
    from = ended.until;
    return ended;
  });
  return [...series, { name: settings.name, tunnel, from, until: end }];
}

export interface Probe {
  readonly location: Location;
  /** Whether it had traffic for the tunnel lately. */
  readonly isActive: boolean;
  /** What it measured in each of these minutes: 0, 0.5 or 1; absent where that changes. */
  readonly steadyScore: number | undefined;
  /** What it measured in a minute since the epoch. */
  scoreAt(minute: number): number;
}

/** The data centres that probe a tunnel, for minutes from `from` until `until`. */
export function probesOf(tunnel: StoredTunnel, from: number, until: number): Probe[] {
  const seed = hashOf(tunnel.id);
  const activeCount = 1 + (seed % 4);
  const incidentsFrom = minuteOf(Date.parse(tunnel.createdOn)) + FIRST_INCIDENT_AFTER;
  const incidents = incidentsOf(seed, activeCount, Math.max(from, incidentsFrom), until);
  const lastKey = tunnel.keySetOn === undefined ? Number.POSITIVE_INFINITY : minuteOf(Date.parse(tunnel.keySetOn));
  const firstKey = tunnel.keyedSince === undefined ? lastKey : minuteOf(tunnel.keyedSince);
  const usesKeyFrom = lastKey > firstKey ? lastKey + KEY_CHANGE_MINUTES : lastKey;
  const isDown = tunnel.settings.health_check?.enabled === false || until <= firstKey;
  const isSteady = isDown || (incidents.length === 0 && from >= usesKeyFrom);
  const first = (seed >>> 8) % LOCATIONS.length;
  return Array.from({ length: activeCount + IDLE_LOCATIONS }, (_, index) => ({
    location: LOCATIONS[(first + index) % LOCATIONS.length] ?? AMSTERDAM,
    // Nothing comes through a tunnel that never had a key.
    isActive: index < activeCount && Number.isFinite(lastKey),
    steadyScore: isSteady ? Number(!isDown) : undefined,
    scoreAt(minute) {
      if (isDown || minute < firstKey || (minute >= lastKey && minute < usesKeyFrom)) return 0;
      const incident = incidents.find((each) => minute >= each.from && minute < each.until);
      const isHit = incident !== undefined && (incident.onlyAt === undefined || incident.onlyAt === index);
      return isHit ? incident.score : 1;
    },
  }));
}

interface Incident {
  readonly from: number;
  readonly until: number;
  readonly score: number;
  /** The index of the one data centre that sees it; all when absent. */
  readonly onlyAt: number | undefined;
}

function incidentsOf(seed: number, locations: number, from: number, until: number): Incident[] {
  const incidents: Incident[] = [];
  // One that began in the slot before may still go on.
  for (let slot = Math.floor(from / SLOT_MINUTES) - 1; slot * SLOT_MINUTES < until; slot++) {
    const random = mix(seed ^ Math.imul(slot, 0x9e_37_79_b1));
    if (random % SLOTS_PER_INCIDENT !== 0) continue;
    const begins = slot * SLOT_MINUTES + ((random >>> 3) % SLOT_MINUTES);
    const ends = begins + 4 + ((random >>> 11) % 56);
    if (begins >= until || ends <= from) continue;
    incidents.push({
      from: begins,
      until: ends,
      score: (random >>> 17) % 3 === 0 ? 0 : 0.5,
      onlyAt: (random >>> 21) % 2 === 0 ? undefined : (random >>> 22) % locations,
    });
  }
  return incidents;
}

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  return mix(hash);
}

/** The finish of MurmurHash3: every bit depends on all. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85_eb_ca_6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
