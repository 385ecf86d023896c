// What this desk saw of an account's tunnels from one query to the next, and since when they are as they are.

import type { Since, TunnelHealth } from '@tunnel-desk/shared/api/health';
import { lastRun } from '@tunnel-desk/shared/health/since';
import { compareStates, type HealthState } from '@tunnel-desk/shared/health/states';
import { MAX_NAMES, type Overview, type Past } from './overview.ts';

const BY_MINUTE = { bucketMs: 60_000, interruptedBy: 5 };
const BY_HOUR = { bucketMs: 3_600_000, interruptedBy: 1 };

interface Observation {
  readonly state: HealthState;
  readonly since: Since | undefined;
  /** Whether its past was looked at, and says no more. */
  readonly isFinal: boolean;
}

export interface Observations {
  /** The tunnels with since when they have their states; `at` is when they were asked for, in ISO 8601. */
  observe(overview: Pick<Overview, 'tunnels' | 'past'>, lookedAt: readonly string[], at: string): TunnelHealth[];
  /** Those whose past is to be looked at with the next query, the worst first. */
  namesToLookAt(): string[];
}

export function createObservations(): Observations {
  let known: ReadonlyMap<string, Observation> = new Map();

  /** A state that is new began at some time before it was seen; a tunnel that is well from the start has nothing to tell. */
  function seen(name: string, state: HealthState, at: string): Observation {
    const before = known.get(name);
    if (before?.state === state) return before;
    const isOfInterest = before !== undefined || state !== 'healthy';
    return { state, since: isOfInterest ? { at, precision: 'at-least' } : undefined, isFinal: !isOfInterest };
  }

  return {
    observe({ tunnels, past }, lookedAt, at) {
      const wasLookedAt = new Set(lookedAt);
      const observed = new Map<string, Observation>();
      const result = tunnels.map((tunnel): TunnelHealth => {
        const { name, state } = tunnel;
        let observation = seen(name, state, at);
        if (past !== undefined && wasLookedAt.has(name)) {
          observation = { state, since: beginningIn(past, name, state) ?? observation.since, isFinal: true };
        }
        observed.set(name, observation);
        return observation.since === undefined ? tunnel : { ...tunnel, since: observation.since };
      });
      known = observed;
      return result;
    },
    namesToLookAt() {
      return [...known]
        .filter(([, { isFinal }]) => !isFinal)
        .sort(([, one], [, other]) => compareStates(one.state, other.state))
        .slice(0, MAX_NAMES)
        .map(([name]) => name);
    },
  };
}

/** By the minute, or by the hour where it is longer ago; where even that does not show it, at least so long. */
function beginningIn({ minutes, hours }: Past, name: string, state: HealthState): Since | undefined {
  const byMinute = lastRun(state, minutes.get(name) ?? [], BY_MINUTE);
  if (byMinute?.isBeginningKnown) return { at: toIso(byMinute.from), precision: 'minute' };
  const byHour = lastRun(state, hours.get(name) ?? [], BY_HOUR);
  const beginnings = [byMinute, byHour].flatMap((run) => run?.from ?? []);
  if (beginnings.length === 0) return undefined;
  return { at: toIso(Math.min(...beginnings)), precision: byHour?.isBeginningKnown ? 'hour' : 'at-least' };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
