import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { driftQuery } from '../api/drift.ts';
import { byId, type DeletedElsewhere, type DriftById, deletedOf } from './drift-by-id.ts';

export interface AccountDriftView {
  /** Asked for the first time, and not there yet. */
  readonly isPending: boolean;
  /** What was done to the tunnels that there are; absent while it is not known. The same one while nothing of it changes. */
  readonly known: DriftById | undefined;
  /** Those that were deleted. */
  readonly deleted: readonly DeletedElsewhere[];
  /** What to say beside it. */
  readonly note: string | undefined;
  readonly refresh: () => void;
}

const NOTHING: readonly DeletedElsewhere[] = [];

/** What was done to an account's tunnels elsewhere, kept current once it `isWanted`. */
export function useAccountDrift(accountId: string, isWanted: boolean): AccountDriftView {
  const { data, isPending, isError, refetch } = useQuery({ ...driftQuery(accountId), enabled: isWanted });
  const tunnels = data?.tunnels;
  return {
    isPending,
    known: useMemo(() => tunnels && byId(tunnels), [tunnels]),
    deleted: useMemo(() => (tunnels ? deletedOf(tunnels) : NOTHING), [tunnels]),
    note: isError ? noteOf(data !== undefined) : undefined,
    refresh: () => void refetch(),
  };
}

function noteOf(isKnown: boolean): string {
  return isKnown
    ? 'What was changed elsewhere since could not be read.'
    : 'What was changed elsewhere is not known: it could not be read. The rest works.';
}
