// Runs a batch in this browser: which rows are sent, with which keys, and what became of each.

import { useQueryClient } from '@tanstack/react-query';
import type { Batch, BatchRow } from '@tunnel-desk/shared/api/batches';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useRef, useState } from 'react';
import { type Failure, outcomeOf } from '../../submission/outcome.ts';
import { type ManyRunSnapshot, type ManyTarget, MIN_INTERVAL_MS } from '../../submission/run-many.ts';
import { useManyRun } from '../../submission/use-many-run.ts';
import { batchQuery, createBatchRow } from '../api/batches.ts';
import { findSubmission } from '../api/find-submission.ts';
import { heldKey, holdKey } from '../detail/created-tunnel.ts';
import { createReader } from '../form/read-response.ts';
import { heldRowKey, holdersTriedElsewhere, keyHolderOf, lacksKey, noteSentKey, takeSentKey } from './batch-keys.ts';
import { noteMade } from './made-tunnels.ts';
import type { RowToSend, SentRow } from './shown-rows.ts';

/** Cloudflare takes as many at a time without slowing down; more would only be more whose outcome may be unknown at once. */
const AT_ONCE = 2;

export interface BatchRun {
  readonly snapshot: ManyRunSnapshot<RowToSend, SentRow> | undefined;
  /** Sends, or may go on sending. */
  readonly isRunning: boolean;
  readonly stopsAtFirstFailure: boolean;
  setStopsAtFirstFailure(stops: boolean): void;
  /** Reads the batch once more, then sends the rows that are in this state. */
  begin(which: 'not-tried' | 'not-created'): Promise<void>;
  /** Has a row that was not created tried again with this request. */
  retry(row: BatchRow, request: object): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
}

export function useBatchRun(accountId: string, batchId: string): BatchRun {
  const queries = useQueryClient();
  const { snapshot, start, retry, configure, ...run } = useManyRun<RowToSend, SentRow>();
  const [stopsAtFirstFailure, setStops] = useState(true);
  const isBeginning = useRef(false);
  const query = batchQuery(accountId, batchId);
  const isRunning = snapshot !== undefined && snapshot.phase.kind !== 'ended';

  const startWith = async (isWaiting: (row: BatchRow) => boolean, changed?: RowToSend) => {
    // A second click of a double click comes before the first one has begun.
    if (isBeginning.current) return;
    isBeginning.current = true;
    // What another browser has done meanwhile is not to be sent.
    const batch = await queries.fetchQuery(query).catch(() => queries.getQueryData(query.queryKey));
    isBeginning.current = false;
    if (!batch) return;
    const items = batch.rows.map((row): RowToSend => {
      return row.number === changed?.row.number ? { row, request: changed.request } : { row, request: row.request };
    });
    const triedElsewhere = holdersTriedElsewhere(batch.rows);
    const lacksItsKey = (row: BatchRow) => {
      const now = queries.getQueryData(query.queryKey);
      return lacksKey(batchId, row, now ? holdersTriedElsewhere(now.rows) : triedElsewhere);
    };
    const target = batchTarget(accountId, batch, lacksItsKey, () => void queries.invalidateQueries(query));
    start(items, target, {
      atOnce: AT_ONCE,
      intervalMs: MIN_INTERVAL_MS,
      stopsAtFirstFailure,
      // The desk has one submission for a row and its key, however often it is sent.
      resendsUnrecorded: true,
      isWaiting: ({ row }) => isWaiting(row) && !lacksKey(batchId, row, triedElsewhere),
    });
  };

  return {
    snapshot,
    isRunning,
    stopsAtFirstFailure,
    setStopsAtFirstFailure(stops) {
      setStops(stops);
      configure({ stopsAtFirstFailure: stops });
    },
    begin: (which) => startWith(({ state }) => state === which),
    async retry(row, request) {
      if (isRunning) retry(row.number - 1, { row, request });
      else await startWith(({ number, state }) => number === row.number && isUnmade(state), { row, request });
    },
    ...run,
  };
}

function isUnmade(state: BatchRow['state']): boolean {
  return state === 'not-tried' || state === 'not-created';
}

/**
 * Holds the keys of rows whose responses this document missed for their tunnels, once the desk knows of those; says whether
 * there were any.
 */
export function holdSentKeys({ rows }: Pick<Batch, 'rows'>): boolean {
  const found = rows.filter(
    ({ state, idempotencyKey, tunnelId }) =>
      state === 'created' && idempotencyKey && tunnelId && holdSentKey(idempotencyKey, tunnelId),
  );
  return found.length > 0;
}

/** Holds for the tunnel the key that it was created with; one that it was given since stays. */
function holdSentKey(idempotencyKey: string, tunnelId: string): boolean {
  const key = takeSentKey(idempotencyKey);
  if (key === undefined || heldKey(tunnelId) !== undefined) return false;
  holdKey(tunnelId, key.psk, key.source);
  return true;
}

/** Never sent without the key it is to have. */
const KEY_MISSING: Failure = {
  kind: 'failed',
  title: 'Its pre-shared key is not in this browser any more, so it was not sent.',
  effect: 'none',
  whatNow: 'Enter the key, or have one generated.',
  fieldErrors: [],
  details: [],
};

function batchTarget(
  accountId: string,
  { id: batchId }: Batch,
  lacksItsKey: (row: BatchRow) => boolean,
  onElsewhere: () => void,
): ManyTarget<RowToSend, SentRow> {
  const keyOf = (row: BatchRow) => (row.keySource === 'later' ? undefined : heldRowKey(batchId, keyHolderOf(row)));
  return {
    async send(item, idempotencyKey) {
      if (lacksItsKey(item.row)) return KEY_MISSING;
      const key = keyOf(item.row);
      if (key !== undefined) noteSentKey(idempotencyKey, key);
      const body = key === undefined ? item.request : { ...item.request, psk: key.psk };
      const row = { accountId, batchId, number: item.row.number, body };
      const outcome = outcomeOf('send', await createBatchRow(row, idempotencyKey), createReader);
      if (outcome.kind === 'done') {
        const tunnel = outcome.result;
        holdSentKey(idempotencyKey, tunnel.id);
        noteMade(tunnel);
        return { ...outcome, result: { kind: 'created', tunnel } };
      }
      if (outcome.kind === 'failed' && outcome.code === ERRORS.rowTried.code) {
        onElsewhere();
        return { kind: 'done', result: { kind: 'elsewhere' }, messages: [] };
      }
      return outcome;
    },
    find: (_item, idempotencyKey) =>
      findSubmission<IpsecTunnel>(
        idempotencyKey,
        (tunnel) => {
          if (tunnel === undefined) return { kind: 'failed' };
          holdSentKey(idempotencyKey, tunnel.id);
          return { kind: 'done', result: tunnel };
        },
        async () => ({ kind: 'absent' }),
      ),
    resultOfFound(_item, found) {
      const tunnel = ipsecTunnelSchema.safeParse(found).data;
      if (tunnel === undefined) return undefined;
      noteMade(tunnel);
      return { kind: 'created', tunnel };
    },
  };
}
