// The pre-shared keys of batches, in the memory of this document alone: by batch and row, gone with a reload.

import type { BatchRow } from '@tunnel-desk/shared/api/batches';
import type { KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';

export interface RowKey {
  readonly psk: string;
  /** Where this very key came from: a row whose own key was lost may have a generated one instead. */
  readonly source: KeySource;
}

const held = new Map<string, Map<number, RowKey>>();
const sent = new Map<string, RowKey>();
/** Every idempotency key that a key was sent under. */
const sentHere = new Set<string>();

/** Holds the key of a row; rows that share it look for it there. */
export function holdRowKey(batchId: string, row: number, key: RowKey): void {
  const keys = held.get(batchId) ?? new Map<number, RowKey>();
  held.set(batchId, keys.set(row, key));
}

/** A row's own key, while it is held. */
export function heldRowKey(batchId: string, row: number): RowKey | undefined {
  return held.get(batchId)?.get(row);
}

/** Notes the key that a row is sent with, until it is known which tunnel has it: the response may be lost. */
export function noteSentKey(idempotencyKey: string, key: RowKey): void {
  sent.set(idempotencyKey, key);
  sentHere.add(idempotencyKey);
}

/** The key that was sent under this idempotency key, once. */
export function takeSentKey(idempotencyKey: string): RowKey | undefined {
  const key = sent.get(idempotencyKey);
  sent.delete(idempotencyKey);
  return key;
}

/** The number of the row under which the key of this one is held. */
export function keyHolderOf({ number, sharesKeyWith }: Pick<BatchRow, 'number' | 'sharesKeyWith'>): number {
  return sharesKeyWith ?? number;
}

/**
 * Whether the row has a key that this browser does not hold; one that was generated here is not it where another browser has
 * created a row that shares it.
 */
export function lacksKey(batchId: string, row: BatchRow, triedElsewhere: ReadonlySet<number>): boolean {
  if (row.keySource === 'later') return false;
  const holder = keyHolderOf(row);
  const key = heldRowKey(batchId, holder);
  return key === undefined || (key.source === 'generated' && triedElsewhere.has(holder));
}

/** The numbers of the rows under whose keys another document had a row created, or may have. */
export function holdersTriedElsewhere(rows: readonly BatchRow[]): ReadonlySet<number> {
  const tried = rows.filter(
    ({ state, idempotencyKey = '' }) =>
      state !== 'not-tried' && state !== 'not-created' && !sentHere.has(idempotencyKey),
  );
  return new Set(tried.map(keyHolderOf));
}
