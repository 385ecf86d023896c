import { queryOptions } from '@tanstack/react-query';
import { API_PREFIX, bgpFilterProfilesPath } from '@tunnel-desk/shared/api/paths';
import { type BgpFilterProfile, bgpFilterProfileListSchema } from '@tunnel-desk/shared/neighbours';
import { callApi } from '../../lib/api-client.ts';

/** The account's BGP filter profiles; `null` where they cannot be listed: whoever knows the ID of one can type it. */
export function bgpFilterProfilesQuery(accountId: string) {
  return queryOptions({
    queryKey: ['bgp-filter-profiles', accountId],
    queryFn: () => listBgpFilterProfiles(accountId),
    enabled: accountId !== '',
  });
}

async function listBgpFilterProfiles(accountId: string): Promise<BgpFilterProfile[] | null> {
  const response = await callApi(API_PREFIX + bgpFilterProfilesPath(accountId));
  if (response.kind !== 'response' || !response.envelope.success) return null;
  return bgpFilterProfileListSchema.safeParse(response.envelope.result).data ?? null;
}
