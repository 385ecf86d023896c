import { queryOptions } from '@tanstack/react-query';
import { type BatchSummary, batchListSchema } from '@tunnel-desk/shared/api/batches';
import { API_PREFIX, batchesPath } from '@tunnel-desk/shared/api/paths';
import { callApi } from '../../lib/api-client.ts';
import { ListFailure } from './list-failure.ts';

/** The batches of creates in an account, the newest first. */
export function batchesQuery(accountId: string) {
  return queryOptions({
    queryKey: ['tunnel-batches', accountId],
    queryFn: async (): Promise<BatchSummary[]> => {
      const response = await callApi(API_PREFIX + batchesPath(accountId));
      if (response.kind !== 'response' || !response.envelope.success) throw new ListFailure(response);
      return batchListSchema.parse(response.envelope.result).batches;
    },
    staleTime: 0,
  });
}
