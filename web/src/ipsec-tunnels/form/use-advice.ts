// What the form knows of an account: its tunnels and their neighbours, as far as they can be listed, and the advice by them.

import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import { useMemo } from 'react';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { neighboursQuery, type UnlistedKind } from '../api/list-neighbours.ts';
import type { Advice } from './advice.ts';

export interface KnownAccount {
  /** Absent until it is loaded. */
  readonly advice: Advice | undefined;
  /** Whether the account's IPsec tunnels are known, or what keeps them from it. */
  readonly tunnels: 'no-account' | 'loading' | 'failed' | 'listed';
  /** What shares names and addresses with them and could not be listed. */
  readonly unlisted: readonly UnlistedKind[];
  readonly isListing: boolean;
  listAgain(): void;
}

const NONE = [] as const;

/** `except` is the ID of the tunnel that is edited, which is no other tunnel. */
export function useAdvice({ rules, cloudflareEndpoints }: Session, accountId: string, except?: string): KnownAccount {
  const tunnels = useQuery(ipsecTunnelsQuery(accountId));
  const neighbours = useQuery(neighboursQuery(accountId));
  // Loaded once the form is there: one can see and fill it without.
  const { data: create } = useQuery({
    queryKey: ['advice'],
    queryFn: async () => (await import('./advice.ts')).createAdvice,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const otherTunnels = tunnels.data ?? NONE;
  const known = neighbours.data?.neighbours ?? NONE;
  const advice = useMemo(
    () => create?.({ ...rules, cloudflareEndpoints, otherTunnels, neighbours: known, except }),
    [create, rules, cloudflareEndpoints, otherTunnels, known, except],
  );
  return {
    advice,
    tunnels: stateOf(accountId, tunnels.isError, tunnels.data && neighbours.data && advice),
    unlisted: neighbours.data?.unlisted ?? NONE,
    isListing: tunnels.isFetching,
    listAgain: () => void tunnels.refetch(),
  };
}

function stateOf(accountId: string, isFailed: boolean, known: unknown): KnownAccount['tunnels'] {
  if (accountId === '') return 'no-account';
  if (isFailed) return 'failed';
  return known === undefined ? 'loading' : 'listed';
}
