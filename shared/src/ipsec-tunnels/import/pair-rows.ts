// Every row of an import as a pair: two tunnels of one router, by one rule for all of them.

import { MAX_IMPORT_ROWS } from '../../api/batches.ts';
import type { Cidr } from '../../ip/cidr.ts';
import { freeAddresses, type TakenAddresses } from '../free-addresses.ts';
import { type PairSettings, pairOf } from '../pairs.ts';
import { besideRows, type Fill, type FilledRows, fillRows, inRows } from './fill.ts';
import { cellsOf, requestAsWritten } from './requests.ts';
import type { ImportCells, ImportRow } from './rows.ts';

export interface RowPairSettings extends PairSettings {
  /** Whether one Cloudflare endpoint has both, on purpose. */
  readonly sharesEndpoint: boolean;
  /** The account's, as far as they are known: a row that has the second already gets another one of them. */
  readonly cloudflareEndpoints: readonly string[];
}

/**
 * Fills in what the rows leave out, and makes each a pair. The interface addresses come last, in the order of the rows, so
 * that those of a pair follow one another.
 */
export function fillPairs(
  rows: readonly ImportRow[],
  { interfaceAddresses, ...fill }: Fill,
  settings: RowPairSettings,
  taken: TakenAddresses,
  pools?: readonly Cidr[],
): FilledRows {
  const filled = fillRows(rows, fill, taken);
  const paired = pairRows(filled.rows, settings, taken, pools);
  const addressed = fillRows(paired.rows, { interfaceAddresses }, taken);
  return { rows: addressed.rows, notes: [...filled.notes, ...paired.notes, ...addressed.notes] };
}

/**
 * Each row and, behind it, the second tunnel of its router. The second ones take the next free interface addresses in the
 * order of the rows, of the pools or else of the /24 that the first one's is in; where the first has none yet, neither has
 * the second. Rows that are one of a pair already stay as they are. Where no other endpoint than the first one's is known,
 * the second has none.
 */
export function pairRows(
  rows: readonly ImportRow[],
  settings: RowPairSettings,
  taken: TakenAddresses,
  pools?: readonly Cidr[],
): FilledRows {
  const numbers = new Set(rows.map(({ number }) => number));
  const isSingle = ({ number }: ImportRow) => number <= MAX_IMPORT_ROWS && !numbers.has(number + MAX_IMPORT_ROWS);
  const singles = rows.filter(isSingle);
  const nextFree = freeAddresses(pools, besideRows(taken, rows));
  let withoutAddress = 0;
  const paired = rows.flatMap((row) => {
    if (!isSingle(row)) return [row];
    const address = hasAddress(row) ? nextFree(row.cells.interface_address) : '';
    if (address === undefined) withoutAddress += 1;
    return pairOfRow(row, settings, address ?? '');
  });
  const withoutEndpoint = singles.filter(
    (row) => (row.cells.cloudflare_endpoint ?? '').trim() !== '' && secondEndpointOf(row, settings) === '',
  ).length;
  const without6 = singles.filter(({ cells }) => (cells.interface_address6 ?? '').trim() !== '').length;
  return {
    rows: paired,
    notes: [
      `Pairs: a second tunnel for ${inRows(singles.length)}.`,
      ...(withoutAddress > 0
        ? [`The pool is full: the second tunnels of ${inRows(withoutAddress)} have no interface address.`]
        : []),
      ...(withoutEndpoint > 0
        ? [`The second tunnels of ${inRows(withoutEndpoint)} have no Cloudflare endpoint: no other one is known.`]
        : []),
      ...(without6 > 0 ? [`The second tunnels of ${inRows(without6)} have no IPv6 interface address.`] : []),
    ],
  };
}

function pairOfRow(row: ImportRow, settings: RowPairSettings, secondAddress: string): ImportRow[] {
  const { psk, ...request } = requestAsWritten(row.cells);
  const before = cellsOf(request);
  const secondEndpoint = secondEndpointOf(row, settings);
  const [first, second] = pairOf(request, { ...settings, secondEndpoint }, secondAddress).map((each) =>
    withChanges(row.cells, before, cellsOf(each)),
  );
  const { psk: _, ...secondCells } = second ?? {};
  const key = settings.sharesKey
    ? { generatesKey: false, sharesKeyWith: row.number }
    : { generatesKey: row.generatesKey || psk !== undefined };
  return [
    { ...row, cells: first ?? row.cells },
    { number: row.number + MAX_IMPORT_ROWS, cells: secondCells, ...key },
  ];
}

/** The first one's where that is meant to have both; else one that the first does not have, empty where none is known. */
function secondEndpointOf(
  { cells }: ImportRow,
  { sharesEndpoint, secondEndpoint, cloudflareEndpoints }: RowPairSettings,
): string {
  const first = (cells.cloudflare_endpoint ?? '').trim();
  if (sharesEndpoint) return first;
  const wanted = secondEndpoint.trim();
  if (wanted !== first) return wanted;
  return first === '' ? '' : (cloudflareEndpoints.find((endpoint) => endpoint !== first) ?? '');
}

/** The cells as they were typed, but for those that differ. */
function withChanges(typed: ImportCells, before: ImportCells, after: ImportCells): ImportCells {
  const kept = Object.entries(typed).filter(([field]) => valueIn(before, field) === valueIn(after, field));
  const changed = Object.entries(after).filter(([field, text]) => valueIn(before, field) !== text);
  return Object.fromEntries([...kept, ...changed]);
}

function valueIn(cells: ImportCells, field: string): string | undefined {
  return new Map(Object.entries(cells)).get(field);
}

function hasAddress({ cells }: ImportRow): boolean {
  return (cells.interface_address ?? '').trim() !== '';
}
