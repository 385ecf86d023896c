// The rows of a batch as they are now: what the desk said last, and on top of it what this browser is doing.

import type { BatchRow, RowState } from '@tunnel-desk/shared/api/batches';
import { firstOfPair } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { valueAt } from '@tunnel-desk/shared/value-at';
import type { Failure } from '../../submission/outcome.ts';
import type { ManyEntry } from '../../submission/run-many.ts';
import { errorsOfFailure, errorsOfMessages, type ResponseError } from '../api/response-errors.ts';

/** A row as it is sent: the desk's, or corrected since. */
export interface RowToSend {
  readonly row: BatchRow;
  readonly request: object;
}

/** What came of sending a row: its tunnel, or that another browser had sent it before. */
export type SentRow = { readonly kind: 'created'; readonly tunnel: IpsecTunnel } | { readonly kind: 'elsewhere' };

export interface ShownRow {
  readonly row: BatchRow;
  readonly number: number;
  readonly request: object;
  readonly name: string;
  readonly state: RowState;
  readonly tunnelId: string | undefined;
  /** Why it was not created, or is not known. */
  readonly errors: readonly ResponseError[];
}

/** The entries of a run are the rows in their order. */
export function shownRows(
  rows: readonly BatchRow[],
  entries: readonly ManyEntry<RowToSend, SentRow>[] = [],
): readonly ShownRow[] {
  return rows.map((row, index) => {
    const entry = entries[index];
    return entry === undefined ? shownAsKept(row) : shownInRun(row, entry);
  });
}

const kept = new WeakMap<BatchRow, ShownRow>();

function shownAsKept(row: BatchRow): ShownRow {
  const known = kept.get(row);
  if (known !== undefined) return known;
  const { number, request, state, tunnelId, errors = [] } = row;
  const shown = { row, number, request, name: nameOf(request), state, tunnelId, errors: errorsOfMessages(errors) };
  kept.set(row, shown);
  return shown;
}

/** An entry stays the same object until something happens to it: of 4,000 rows only those that changed are made anew. */
const inRun = new WeakMap<ManyEntry<RowToSend, SentRow>, ShownRow>();

function shownInRun(row: BatchRow, entry: ManyEntry<RowToSend, SentRow>): ShownRow {
  const known = inRun.get(entry);
  if (known?.row === row) return known;
  const shown = shownNow(row, entry);
  inRun.set(entry, shown);
  return shown;
}

function shownNow(row: BatchRow, { item, state }: ManyEntry<RowToSend, SentRow>): ShownRow {
  const shown = shownAsKept(row);
  // Whatever this browser met, another one may have had it created since.
  if (shown.state === 'created') return shown;
  const sent = { ...shown, request: item.request, name: nameOf(item.request), errors: [] };
  switch (state.kind) {
    case 'waiting':
      // Not created is what it was; it is tried again.
      return shown.state === 'not-created' ? { ...sent, state: 'not-tried' } : shown;
    case 'sending':
      return { ...sent, state: 'under-way' };
    case 'done':
      if (state.result.kind === 'elsewhere') return shown;
      return { ...sent, state: 'created', tunnelId: state.result.tunnel.id };
    case 'refused':
      return { ...sent, state: 'not-created', errors: errorsOrTitle(state.failure) };
    case 'not-done':
      return {
        ...sent,
        state: 'not-created',
        errors: [{ field: undefined, message: `${state.failure.title} Looked for since: it does not exist.` }],
      };
    case 'unknown':
      return { ...sent, state: 'unknown', errors: [{ field: undefined, message: state.failure.title }] };
    default:
      return shown;
  }
}

function errorsOrTitle(failure: Failure): readonly ResponseError[] {
  const errors = errorsOfFailure(failure);
  return errors.length > 0 ? errors : [{ field: undefined, message: failure.title }];
}

function nameOf(request: object): string {
  return String(valueAt(request, ['name']) ?? '');
}

export type RowCounts = Readonly<Record<RowState, number>>;

export function countRows(rows: readonly ShownRow[]): RowCounts {
  const counts = { 'not-tried': 0, 'under-way': 0, created: 0, 'not-created': 0, unknown: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** By the ID of either tunnel of a pair, that of the other, where both were created. */
export function pairsAmong(rows: readonly ShownRow[]): ReadonlyMap<string, string> {
  const firsts = new Map<number, string>();
  const pairs = new Map<string, string>();
  for (const { row, tunnelId } of rows) {
    if (row.importRow === undefined || tunnelId === undefined) continue;
    const router = firstOfPair(row.importRow);
    const other = firsts.get(router);
    if (other === undefined) firsts.set(router, tunnelId);
    else pairs.set(tunnelId, other).set(other, tunnelId);
  }
  return pairs;
}
