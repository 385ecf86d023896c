// What the tests of batches ask the desk.

import { randomUUID } from 'node:crypto';
import { type Batch, batchListSchema, batchSchema } from '@tunnel-desk/shared/api/batches';
import { API_PREFIX, batchesPath, batchPath, batchRowPath } from '@tunnel-desk/shared/api/paths';
import { askApi, type Desk } from '../support/desk.ts';
import { ACCOUNT_ID, SMALLEST_REQUEST } from '../support/samples.ts';

export const ID = '0a8f3c1e-5b7d-4e2a-9c64-d1f0b3a59e77';

export interface Place {
  readonly accountId?: string;
  readonly batchId?: string;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request of the row of this number: no two conflict. */
export function requestOf(number: number) {
  return { ...SMALLEST_REQUEST, name: `branch-${number}`, interface_address: `10.0.${number}.0/31` };
}

/** A batch of so many rows. */
export function batchOf(rows: number) {
  return {
    source: { kind: 'file', name: 'branches.csv' },
    rows: Array.from({ length: rows }, (_, index) => ({ request: requestOf(index + 1), keySource: 'own' })),
  };
}

/** A body that is already text is sent as it is. */
export function begin(
  { origin }: Desk,
  body: unknown,
  { accountId = ACCOUNT_ID, batchId = ID, query = '', headers = {} }: Place = {},
) {
  return askApi(origin + API_PREFIX + batchPath(accountId, batchId) + query, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export interface RowCall extends Place {
  readonly key?: string;
  readonly body?: unknown;
}

/** Sends a row under a new key unless it is told which, and as it was begun unless it is told otherwise. */
export function sendRow(
  { origin }: Desk,
  row: number | string,
  {
    key = randomUUID(),
    body = requestOf(Number(row)),
    accountId = ACCOUNT_ID,
    batchId = ID,
    query = '',
    headers = {},
  }: RowCall = {},
) {
  return askApi(origin + API_PREFIX + batchRowPath(accountId, batchId, row) + query, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
    body: JSON.stringify(body),
  });
}

export function read({ origin }: Desk, { accountId = ACCOUNT_ID, batchId = ID, headers = {} }: Place = {}) {
  return askApi(origin + API_PREFIX + batchPath(accountId, batchId), { headers });
}

export async function batchIn(desk: Desk, place?: Place): Promise<Batch> {
  return batchSchema.parse((await read(desk, place)).envelope.result);
}

export function list({ origin }: Desk, { accountId = ACCOUNT_ID, headers = {} }: Place = {}) {
  return askApi(origin + API_PREFIX + batchesPath(accountId), { headers });
}

export async function batchesIn(desk: Desk, place?: Place) {
  return batchListSchema.parse((await list(desk, place)).envelope.result).batches;
}
