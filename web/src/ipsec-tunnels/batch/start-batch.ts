// Begins a batch: the desk keeps its rows without their keys, and this document keeps the keys. Its page runs it.

import type { BatchSource, KeptBatchRow } from '@tunnel-desk/shared/api/batches';
import { requestOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { inSlices } from '../../lib/slices.ts';
import { type Failure, outcomeOf } from '../../submission/outcome.ts';
import { beginBatch } from '../api/batches.ts';
import { generatePreSharedKey } from '../form/generate-pre-shared-key.ts';
import { createReader } from '../form/read-response.ts';
import { holdRowKey } from './batch-keys.ts';

export interface BatchToStart {
  readonly accountId: string;
  readonly source: BatchSource;
  /**
   * Those to create, without issues, in their order. The first row of a pair with one key stands before the second; a
   * second one without it gets a key of its own.
   */
  readonly rows: readonly ImportRow[];
}

/** Nothing has been created yet: go to `batchPagePath(accountId, batchId)`, which runs it. */
export interface StartedBatch {
  readonly kind: 'started';
  readonly batchId: string;
}

/** The ID for each list of rows: sent again because its response was lost, it begins no second batch. */
const batchIds = new WeakMap<readonly ImportRow[], string>();
const justStarted = new Set<string>();

/** Has the desk keep the batch. Where that fails, nothing was created: try again with the same list of rows. */
export async function startBatch({ accountId, source, rows }: BatchToStart): Promise<StartedBatch | Failure> {
  const batchId = batchIds.get(rows) ?? crypto.randomUUID();
  batchIds.set(rows, batchId);
  const batchRows = await batchRowsOf(rows, accountId);
  const body = { source, rows: batchRows.map(({ kept }) => kept) };
  // As a validation, it creates nothing however it ends.
  const outcome = outcomeOf('validate', await beginBatch(accountId, batchId, body), createReader);
  if (outcome.kind === 'failed') return outcome;
  batchRows.forEach(({ kept: { keySource }, psk }, index) => {
    if (psk !== undefined) holdRowKey(batchId, index + 1, { psk, source: keySource });
  });
  justStarted.add(batchId);
  return { kind: 'started', batchId };
}

/** Whether the batch was started in this document and nothing has run it yet: true once. */
export function takeJustStarted(batchId: string): boolean {
  return justStarted.delete(batchId);
}

interface RowToStart {
  readonly kept: KeptBatchRow;
  /** The row's own key. */
  readonly psk: string | undefined;
}

/** The rows as the desk keeps them, numbered anew in their order, and their keys apart from them. */
export function batchRowsOf(rows: readonly ImportRow[], accountId: string): Promise<readonly RowToStart[]> {
  const started: RowToStart[] = [];
  const numbers = new Map<number, number>();
  const startNext = (row: ImportRow): RowToStart => {
    const { psk: _, ...request } = requestOf(row.cells, accountId);
    const holder = row.sharesKeyWith === undefined ? undefined : numbers.get(row.sharesKeyWith);
    const psk = holder === undefined ? keyOf(row) : undefined;
    // A form that makes a pair has generated its keys before.
    const isOwn = psk === row.cells.psk && !row.generatesKey;
    const ownSource = psk === undefined ? 'later' : isOwn ? 'own' : 'generated';
    const importRow = row.number;
    if (holder === undefined) return { kept: { request, keySource: ownSource, importRow }, psk };
    const keySource = started[holder - 1]?.kept.keySource ?? ownSource;
    return { kept: { request, keySource, sharesKeyWith: holder, importRow }, psk };
  };
  return new Promise((resolve) => {
    // There may be 4,000 of them.
    inSlices(
      () => {
        const row = rows[started.length];
        if (row === undefined) return false;
        const next = startNext(row);
        started.push(next);
        numbers.set(row.number, next.kept.sharesKeyWith ?? started.length);
        return true;
      },
      (isDone) => isDone && resolve(started),
    );
  });
}

function keyOf({ cells, generatesKey, sharesKeyWith }: ImportRow): string | undefined {
  if (cells.psk) return cells.psk;
  return generatesKey || sharesKeyWith !== undefined ? generatePreSharedKey() : undefined;
}
