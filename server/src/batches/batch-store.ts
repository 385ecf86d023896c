// The batches of creates that people began, kept so that whoever opens one sees where it stands. No key is among it.

import type { Batch, BatchRow, BatchSummary } from '@tunnel-desk/shared/api/batches';
import type { Identity } from '../auth/identity.ts';

/**
 * How many batches of an account are kept: the newest. An older one stays as long as the outcome of one of its rows is not
 * known; of one that goes, the audit trail still has what was sent.
 */
export const MOST_BATCHES = 200;

/** A batch as it is begun. */
export interface BatchToKeep extends Pick<Batch, 'id' | 'source'> {
  /** Equal for equal bodies. */
  readonly bodyHash: string;
  /** An array of what is kept of each row, as JSON. */
  readonly rows: string;
}

/** A batch without its rows. */
export interface FoundBatch extends Omit<Batch, 'rows'> {
  /** The idempotency key of one of its rows whose outcome is not known, if there is one. */
  readonly unknownKey: string | undefined;
}

export interface RowPlace {
  readonly accountId: string;
  readonly batchId: string;
  readonly number: number;
}

/** What became of a claim. */
export type Claim =
  /** It is noted that the row is tried under this key. Nothing was sent under it so far. */
  | 'claimed'
  /** The row was tried under this very key. */
  | 'repeated'
  /** The row was tried under another key, and its tunnel was or may have been made. */
  | 'tried'
  /** The key was used for something else. */
  | 'key-taken'
  | 'no-row';

export interface BatchStore {
  /** Keeps it, unless there is one of its ID; false where that one has another body. */
  begin(accountId: string, batch: BatchToKeep, person: Pick<Identity, 'id' | 'name'>): Promise<boolean>;
  /** All of an account, the newest first, a few at a time: read no further than they are asked for. */
  all(accountId: string): AsyncGenerator<readonly BatchSummary[]>;
  summary(accountId: string, batchId: string): Promise<BatchSummary | undefined>;
  find(accountId: string, batchId: string): Promise<FoundBatch | undefined>;
  /** Those of one batch, a few at a time. */
  rows(accountId: string, batchId: string): AsyncGenerator<readonly BatchRow[]>;
  /**
   * Notes under which key a row is tried next and with which request, given without its key, unless the row may have been
   * made: in one step, so that of two at once only one can. Nothing may be sent for the row before.
   */
  claim(row: RowPlace, idempotencyKey: string, request: object): Promise<Claim>;
}
