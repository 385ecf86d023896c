// Has the rows of an import checked by the form's rules, and against what the account has.

import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import { indexInSteps, type Neighbour } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { endpointChoices } from '@tunnel-desk/shared/ipsec-tunnels/endpoint-choices';
import { conflictsInSteps } from '@tunnel-desk/shared/ipsec-tunnels/import/conflicts';
import { createRowChecks } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useState } from 'react';
import { inSlices } from '../../lib/slices.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { neighboursQuery, type UnlistedKind } from '../api/list-neighbours.ts';
import type { ImportTable } from './import-table.ts';

export interface AccountOfImport {
  /** What the account has, as far as it is known. */
  readonly tunnels: readonly IpsecTunnel[];
  readonly neighbours: readonly Neighbour[];
  /** The Cloudflare endpoints to choose from, the one of most tunnels first. */
  readonly cloudflareEndpoints: readonly string[];
  readonly state: 'loading' | 'failed' | 'listed';
  /** Whether the rows are checked by what is known of it now. */
  readonly isInRules: boolean;
  readonly unlisted: readonly UnlistedKind[];
  readonly isListing: boolean;
  listAgain(): void;
}

const NO_TUNNELS: readonly IpsecTunnel[] = [];
const NO_NEIGHBOURS: readonly Neighbour[] = [];
const ALL_LISTED: readonly UnlistedKind[] = [];

export function useRowRules({ rules, cloudflareEndpoints }: Session, accountId: string, table: ImportTable) {
  const listed = useQuery(ipsecTunnelsQuery(accountId));
  const beside = useQuery(neighboursQuery(accountId));
  const tunnels = listed.data ?? NO_TUNNELS;
  const neighbours = beside.data?.neighbours ?? NO_NEIGHBOURS;
  const [choices, setChoices] = useState<readonly string[]>(cloudflareEndpoints);
  const [inRules, setInRules] = useState<readonly [unknown, unknown]>();
  useEffect(() => {
    const { step, index } = indexInSteps(tunnels, neighbours);
    return inSlices(step, (isDone) => {
      if (!isDone) return;
      const choices = endpointChoices(cloudflareEndpoints, tunnels);
      setChoices(choices);
      const context = {
        interfaceAddressRules: rules.interfaceAddressRules,
        // Those in use alone may be one of the account's two.
        cloudflareEndpoints: cloudflareEndpoints.length === 0 ? [] : choices,
        otherTunnels: index,
      };
      const { findingsOn } = createRowChecks({ accountId, rules, context });
      table.setRules({ findingsOn, conflictsAmong: (rows) => conflictsInSteps(rows, accountId) });
      setInRules([tunnels, neighbours]);
    });
  }, [table, accountId, rules, cloudflareEndpoints, tunnels, neighbours]);
  return {
    tunnels,
    neighbours,
    cloudflareEndpoints: choices,
    state: listed.isError ? 'failed' : listed.data && beside.data ? 'listed' : 'loading',
    isInRules: inRules?.[0] === tunnels && inRules[1] === neighbours,
    unlisted: beside.data?.unlisted ?? ALL_LISTED,
    isListing: listed.isFetching,
    listAgain: () => void listed.refetch(),
  } satisfies AccountOfImport;
}
