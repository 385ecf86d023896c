// Batches of creates: the desk keeps them, and this browser sends their rows, whose keys it alone holds.

import { queryOptions } from '@tanstack/react-query';
import { type Batch, batchSchema, type NewBatch } from '@tunnel-desk/shared/api/batches';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { API_PREFIX, batchPath, batchRowPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { type ApiResponse, callApi, sendToApi } from '../../lib/api-client.ts';
import { ListFailure } from './list-failure.ts';

/** Has the desk keep a batch under this UUID; again with the same body, it keeps no second one. */
export function beginBatch(accountId: string, batchId: string, body: NewBatch): Promise<ApiResponse> {
  return sendToApi(API_PREFIX + batchPath(accountId, batchId), { method: 'PUT', body });
}

/** A batch as the desk knows it; `null` where there is none of this ID. */
export function batchQuery(accountId: string, batchId: string) {
  return queryOptions({
    queryKey: ['tunnel-batch', accountId, batchId],
    queryFn: async (): Promise<Batch | null> => {
      const response = await callApi(API_PREFIX + batchPath(accountId, batchId));
      if (response.kind === 'response' && response.envelope.success) return batchSchema.parse(response.envelope.result);
      if (response.kind === 'response' && response.envelope.errors[0]?.code === ERRORS.notFound.code) return null;
      throw new ListFailure(response);
    },
    staleTime: 0,
    // Without a network it fails at once: whoever runs the batch is told so, and not kept waiting.
    networkMode: 'always',
  });
}

/** A row of a batch, and the body of its create, with its key where it has one. */
export interface RowToCreate {
  readonly accountId: string;
  readonly batchId: string;
  readonly number: number;
  readonly body: object;
}

/** Creates the tunnel of a row. Under the same key again, the desk sends nothing and responds as it did the first time. */
export function createBatchRow(row: RowToCreate, idempotencyKey: string): Promise<ApiResponse> {
  const path = API_PREFIX + batchRowPath(row.accountId, row.batchId, row.number);
  return callApi(path, row.body, { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey });
}
