import { useQueryClient } from '@tanstack/react-query';
import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import { useState } from 'react';
import { type AcceptOutcome, acceptDrift, driftQuery, forgetDrift } from '../api/drift.ts';
import { ipsecTunnelQuery } from '../api/get-ipsec-tunnel.ts';

/** Of one tunnel, of which this was shown. */
export interface Accepted {
  readonly drift: DriftedTunnel;
  readonly outcome: AcceptOutcome;
}

export interface Acceptance {
  /** The ID of the tunnel that is being accepted. */
  readonly running: string | undefined;
  readonly last: Accepted | undefined;
  readonly accept: (drift: DriftedTunnel) => Promise<void>;
}

/** Accepts one tunnel of the account after the other, and has the page show what came of it. */
export function useAcceptDrift(accountId: string): Acceptance {
  const queries = useQueryClient();
  const [running, setRunning] = useState<string>();
  const [last, setLast] = useState<Accepted>();
  const accept = async (drift: DriftedTunnel) => {
    const { tunnelId, state } = drift;
    setRunning(tunnelId);
    setLast(undefined);
    const outcome = await acceptDrift(accountId, tunnelId, state);
    if (outcome.kind === 'accepted') {
      // What was asked before does not know of it.
      await queries.cancelQueries(driftQuery(accountId));
      forgetDrift(queries, accountId, tunnelId);
      void queries.invalidateQueries({ queryKey: ['audit'] });
    }
    if (outcome.kind === 'changed-again') {
      await Promise.all([
        queries.invalidateQueries(driftQuery(accountId)),
        queries.invalidateQueries(ipsecTunnelQuery(accountId, tunnelId)),
      ]);
    }
    setLast({ drift, outcome });
    setRunning(undefined);
  };
  return { running, last, accept };
}
