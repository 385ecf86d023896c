// The files that a batch ends in. No key is in them.

import type { Batch } from '@tunnel-desk/shared/api/batches';
import { BATCH_COLUMNS, toBatchCells } from '@tunnel-desk/shared/ipsec-tunnels/export/batch-csv';
import { CSV_COLUMNS, CSV_ID_COLUMN, toRequestCells } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import Papa from 'papaparse';
import type { ShownRow } from './shown-rows.ts';

/** What became of each row. */
export function resultCsv(accountId: string, { rows }: Batch, tunnels: readonly IpsecTunnel[]): string {
  const tunnelsById = new Map(tunnels.map((tunnel) => [tunnel.id, tunnel]));
  return Papa.unparse({
    fields: [...BATCH_COLUMNS],
    data: rows.map((row) => toBatchCells(row, accountId, tunnelsById.get(row.tunnelId ?? ''))),
  });
}

/** Rows as a file that an import reads back. */
export function rowsToImport(rows: readonly ShownRow[]): string {
  return Papa.unparse({
    fields: CSV_COLUMNS.filter((column) => column !== CSV_ID_COLUMN),
    data: rows.map(({ request }) => toRequestCells(request)),
  });
}

/** What a file of this batch is called: "branches.csv" gives "branches-result.csv". */
export function fileName(sourceName: string, what: string): string {
  const stem = sourceName
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '');
  return `${stem === '' ? 'batch' : stem}-${what}.csv`;
}
