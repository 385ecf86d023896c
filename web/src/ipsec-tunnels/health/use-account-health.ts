import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { tunnelHealthQuery } from '../api/tunnel-health.ts';
import { byName, type HealthByName, readingOf } from './health-by-name.ts';
import { healthNote } from './words.ts';

export interface AccountHealthView {
  /** Asked for the first time, and not there yet. */
  readonly isPending: boolean;
  /** Whether this desk may read it at all, as far as it is known. */
  readonly isPermitted: boolean;
  /** The health of all tunnels; absent while none is known. The same one while none of them changes. */
  readonly known: HealthByName | undefined;
  /** What to say beside it. */
  readonly note: string | undefined;
  readonly refresh: () => void;
}

/** The health of an account's tunnels, kept current once it `isWanted`. */
export function useAccountHealth(accountId: string, isWanted = true): AccountHealthView {
  const query = useQuery({ ...tunnelHealthQuery(accountId), enabled: isWanted });
  const { data, isPending, isError, errorUpdatedAt } = query;
  const tunnels = data && readingOf(data)?.tunnels;
  const known = useMemo(() => tunnels && byName(tunnels), [tunnels]);
  return {
    isPending,
    isPermitted: data?.kind !== 'not-permitted',
    known,
    note: healthNote(data, isError ? errorUpdatedAt : undefined),
    refresh: () => void query.refetch(),
  };
}
