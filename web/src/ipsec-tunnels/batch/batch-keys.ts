// The pre-shared keys of batches, in the memory of this document alone: by batch and row, gone with a reload.

import type { BatchRow } from '@tunnel-desk/shared/api/batches';

const held = new Map<string, Map<number, string>>();

/** Holds the key of a row; rows that share it look for it there. */
export function holdRowKey(batchId: string, row: number, psk: string): void {
  const keys = held.get(batchId) ?? new Map<number, string>();
  held.set(batchId, keys.set(row, psk));
}

/** A row's own key, while it is held. */
export function heldRowKey(batchId: string, row: number): string | undefined {
  return held.get(batchId)?.get(row);
}

/** Forgets a key that the row no longer has. */
export function forgetRowKey(batchId: string, row: number): void {
  held.get(batchId)?.delete(row);
}

/** The number of the row under which the key of this one is held. */
export function keyHolderOf({ number, sharesKeyWith }: Pick<BatchRow, 'number' | 'sharesKeyWith'>): number {
  return sharesKeyWith ?? number;
}
