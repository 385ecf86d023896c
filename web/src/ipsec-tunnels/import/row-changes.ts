// What a person does to the rows of an import, each as new rows: an unchanged row stays the same object.

import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { namesOf } from '../../forms/fields.ts';

/** Every field, in the order of the form. */
export const ALL_FIELDS: readonly IpsecTunnelField[] = namesOf(IPSEC_TUNNEL_LABELS);

/** Shown whether a row has something in them or not: every tunnel has them, or should. */
const ALWAYS_SHOWN: ReadonlySet<IpsecTunnelField> = new Set([
  'name',
  'cloudflare_endpoint',
  'customer_endpoint',
  'interface_address',
  'psk',
]);

/** The columns that a table of these rows has; a column that was there stays, so that what one empties does not vanish. */
export function columnsOf(
  rows: readonly ImportRow[],
  before: readonly IpsecTunnelField[] = [],
): readonly IpsecTunnelField[] {
  const shown = new Set<string>([...ALWAYS_SHOWN, ...before]);
  for (const { cells } of rows) for (const field in cells) shown.add(field);
  const columns = ALL_FIELDS.filter((field) => shown.has(field));
  return columns.length === before.length ? before : columns;
}

/** The row with this text in a cell. A key that is entered is the row's own. */
export function withCell(row: ImportRow, field: IpsecTunnelField, text: string): ImportRow {
  const { [field]: _, ...others } = row.cells;
  const cells = text === '' ? others : { ...row.cells, [field]: text };
  if (field !== 'psk') return { ...row, cells };
  const { sharesKeyWith: __, ...own } = row;
  return { ...own, cells, generatesKey: false };
}

/** The row with a key that is generated when it is created. */
export function withGeneratedKey(row: ImportRow): ImportRow {
  return { ...withCell(row, 'psk', ''), generatesKey: true };
}

/** What is left without these rows; one that had its key from a row that goes has it for its own. */
export function rowsWithout(rows: readonly ImportRow[], numbers: ReadonlySet<number>): readonly ImportRow[] {
  const gone = new Map(rows.filter(({ number }) => numbers.has(number)).map((row) => [row.number, row]));
  return rows.filter(({ number }) => !gone.has(number)).map((row) => withOwnKey(row, gone));
}

function withOwnKey(row: ImportRow, gone: ReadonlyMap<number, ImportRow>): ImportRow {
  const first = row.sharesKeyWith === undefined ? undefined : gone.get(row.sharesKeyWith);
  if (first === undefined) return row;
  return { ...withCell(row, 'psk', first.cells.psk ?? ''), generatesKey: first.generatesKey };
}
