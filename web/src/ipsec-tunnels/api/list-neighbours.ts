// The GRE tunnels and interconnects of an account, as far as they can be listed.

import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, greTunnelsPath, interconnectsPath } from '@tunnel-desk/shared/api/paths';
import type { Neighbour } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import {
  greNeighbours,
  greTunnelListSchema,
  interconnectListSchema,
  interconnectNeighbours,
} from '@tunnel-desk/shared/neighbours';
import type { z } from 'zod';
import { callApi } from '../../lib/api-client.ts';

export interface UnlistedKind {
  readonly kind: Neighbour['kind'];
  /** Whether Cloudflare refused to list them, which trying again does not change. */
  readonly isRefused: boolean;
}

export interface NeighbourLists {
  readonly neighbours: readonly Neighbour[];
  /** The kinds that could not be listed. */
  readonly unlisted: readonly UnlistedKind[];
}

/** Both lists at once. One that cannot be had is no error: its kind is among those unlisted. */
export function neighboursQuery(accountId: string) {
  return queryOptions({
    queryKey: ['neighbours', accountId],
    queryFn: async (): Promise<NeighbourLists> => {
      const lists = await Promise.all([
        list('gre', greTunnelsPath(accountId), greTunnelListSchema.transform(greNeighbours)),
        list('interconnect', interconnectsPath(accountId), interconnectListSchema.transform(interconnectNeighbours)),
      ]);
      return {
        neighbours: lists.flatMap(({ neighbours }) => neighbours),
        unlisted: lists.flatMap(({ unlisted }) => unlisted),
      };
    },
    enabled: accountId !== '',
  });
}

async function list(
  kind: Neighbour['kind'],
  path: string,
  schema: z.ZodType<readonly Neighbour[]>,
): Promise<NeighbourLists> {
  const response = await callApi(API_PREFIX + path);
  const isSuccess = response.kind === 'response' && response.envelope.success;
  const neighbours = isSuccess ? schema.safeParse(response.envelope.result).data : undefined;
  if (neighbours !== undefined) return { neighbours, unlisted: [] };
  const isRefused = response.kind === 'response' && REFUSALS.has(response.status);
  return { neighbours: [], unlisted: [{ kind, isRefused }] };
}

/** What the token may not do, and what the account does not have. */
const REFUSALS = new Set([400, 401, 403, 404]);
