// What was done to an account's tunnels elsewhere, and its acceptance.

import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { type AccountDrift, driftSchema } from '@tunnel-desk/shared/api/drift';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, acceptDriftPath, driftPath } from '@tunnel-desk/shared/api/paths';
import { callApi } from '../../lib/api-client.ts';
import { keepUnchanged } from './keep-unchanged.ts';

/** As often as the list of tunnels: this desk compares no other. */
const REFRESH_MS = 60_000;

/**
 * What was done to the tunnels elsewhere, read again every minute while the page is visible; what is as it was before stays the
 * same object. Rejects where this desk or Cloudflare did not tell it.
 */
export function driftQuery(accountId: string) {
  const queryKey = ['drift', accountId];
  return queryOptions({
    queryKey,
    queryFn: async ({ client }): Promise<AccountDrift> => {
      const next = await readDrift(accountId);
      const before = client.getQueryData<AccountDrift>(queryKey)?.tunnels ?? [];
      return { ...next, tunnels: keepUnchanged(before, next.tunnels, ({ tunnelId }) => tunnelId) };
    },
    // It would compare tunnel by tunnel what has moved on by one.
    structuralSharing: false,
    refetchInterval: REFRESH_MS,
  });
}

async function readDrift(accountId: string): Promise<AccountDrift> {
  const response = await callApi(API_PREFIX + driftPath(accountId));
  if (response.kind !== 'response' || !response.envelope.success) throw new Error('the drift could not be read');
  return driftSchema.parse(response.envelope.result);
}

/** Takes a tunnel out of what is told: it was accepted, or saved here, just now. */
export function forgetDrift(queries: QueryClient, accountId: string, tunnelId: string): void {
  queries.setQueryData(
    driftQuery(accountId).queryKey,
    (told) => told && { ...told, tunnels: told.tunnels.filter((drift) => drift.tunnelId !== tunnelId) },
  );
}

export type AcceptOutcome =
  | { readonly kind: 'accepted' }
  /** It is not as it was shown any more: nothing was accepted. */
  | { readonly kind: 'changed-again' }
  /** As a sentence. */
  | { readonly kind: 'failed'; readonly why: string };

/** Takes the tunnel as it is for known, if its state is still the one that was shown. Never rejects. */
export async function acceptDrift(accountId: string, tunnelId: string, state: string): Promise<AcceptOutcome> {
  const response = await callApi(API_PREFIX + acceptDriftPath(accountId, tunnelId), { state });
  if (response.kind === 'no-response') {
    return failed("This page can't reach its server, so it is not known whether this was accepted. Try again.");
  }
  if (response.kind === 'unintelligible') {
    return failed(`Something between this page and its server responded instead (status ${response.status}).`);
  }
  const { envelope, status } = response;
  if (envelope.success) return { kind: 'accepted' };
  const [cause] = envelope.errors;
  if (cause?.code === ERRORS.driftChanged.code) return { kind: 'changed-again' };
  return failed(
    cause === undefined
      ? `Nothing was accepted (status ${status}).`
      : `Nothing was accepted: ${cause.message} (${cause.code}).`,
  );
}

function failed(why: string): AcceptOutcome {
  return { kind: 'failed', why };
}
