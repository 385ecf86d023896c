// Which tunnels of an account went down or came up again, from one reading of their health to the next. One reading alone says
// nothing: two in a row have to, so that nobody is told every minute of a tunnel that goes up and down.

import type { HealthReading, TunnelHealth } from '@tunnel-desk/shared/api/health';

/** A tunnel that so many whole readings in a row do not have is gone, and not up. */
const GONE_AFTER = 60;

export interface DownChanges {
  readonly down: readonly TunnelHealth[];
  readonly up: readonly TunnelHealth[];
  /** Names of what was told down, and that has not been measured for long. */
  readonly gone: readonly string[];
}

export interface DownWatch {
  /**
   * What is to be told after a reading, where `told` are the names of what was told down last. The same again after the
   * next reading, unless it was told meanwhile.
   */
  observe(reading: HealthReading, told: ReadonlySet<string>): DownChanges;
}

export function createDownWatch(): DownWatch {
  /** Those that were not as told in the last reading that had them, and whether they were down in it. */
  let suspects: ReadonlyMap<string, boolean> = new Map();
  const absences = new Map<string, number>();
  let lastReading: string | undefined;

  function findGone(told: ReadonlySet<string>, present: ReadonlySet<string>): string[] {
    for (const name of absences.keys()) if (present.has(name) || !told.has(name)) absences.delete(name);
    const absent = [...told].filter((name) => !present.has(name));
    for (const name of absent) absences.set(name, (absences.get(name) ?? 0) + 1);
    return absent.filter((name) => (absences.get(name) ?? 0) >= GONE_AFTER);
  }

  return {
    observe(reading, told) {
      // Kept by the reader, or measured no further: no second reading.
      const readingId = reading.measuredAt ?? reading.checkedAt;
      if (readingId === lastReading) return { down: [], up: [], gone: [] };
      lastReading = readingId;
      const tunnels = certain(reading);
      const present = new Set(tunnels.map(({ name }) => name));
      const differing = tunnels.filter((tunnel) => isDown(tunnel) !== told.has(tunnel.name));
      const confirmed = differing.filter((tunnel) => suspects.get(tunnel.name) === isDown(tunnel));
      const unseen = isWhole(reading) ? [] : [...suspects].filter(([name]) => !present.has(name));
      suspects = new Map([...unseen, ...differing.map((tunnel) => [tunnel.name, isDown(tunnel)] as const)]);
      return {
        down: confirmed.filter(isDown),
        up: confirmed.filter((tunnel) => !isDown(tunnel)),
        gone: isWhole(reading) ? findGone(told, present) : [],
      };
    },
  };
}

/** The names of those that are down. */
export function downIn(reading: HealthReading): string[] {
  return certain(reading)
    .filter(isDown)
    .map(({ name }) => name);
}

/** A degraded tunnel still has traffic: it is up. */
function isDown({ state }: TunnelHealth): boolean {
  return state === 'down';
}

/** Whether a tunnel that is not in it has no measurements. */
function isWhole({ leftOut }: HealthReading): boolean {
  return !leftOut.includes('tunnels');
}

/**
 * Those whose state is beyond doubt. Of more than 10,000 the best are left out, and then one that seems idle may be among
 * those.
 */
function certain(reading: HealthReading): readonly TunnelHealth[] {
  return isWhole(reading) ? reading.tunnels : reading.tunnels.filter(({ isIdle }) => !isIdle);
}
