// What the rows of an import leave out, filled in for all of them. What a row says itself stays as it is.

import { MAX_IMPORT_ROWS } from '../../api/batches.ts';
import type { Cidr } from '../../ip/cidr.ts';
import { readCell } from '../cells.ts';
import { freeAddresses, type TakenAddresses } from '../free-addresses.ts';
import { IPSEC_TUNNEL_LABELS } from '../labels.ts';
import type { IpsecTunnelField } from '../request.ts';
import type { ImportCells, ImportRow } from './rows.ts';

/** What is the same for every row, beside what is found for each. */
export const FILLABLE_FIELDS = [
  'cloudflare_endpoint',
  'replay_protection',
  'automatic_return_routing',
  'health_check.enabled',
  'health_check.rate',
  'health_check.type',
  'health_check.direction',
  'health_check.target',
  'bgp.customer_asn',
  'bgp.md5_key',
  'bgp.extra_prefixes',
  'bgp.import_filter_id',
  'bgp.export_filter_id',
] as const satisfies readonly IpsecTunnelField[];
export type FillableField = (typeof FILLABLE_FIELDS)[number];

export interface Fill {
  /** The text for the field's empty cells; an empty one fills nothing. */
  readonly cells?: Readonly<Partial<Record<FillableField, string>>>;
  /** Where the next free interface addresses come from: these IPv4 blocks, or the block the account's tunnels use most. */
  readonly interfaceAddresses?: { readonly pools?: readonly Cidr[] | undefined } | undefined;
  /** Whether rows without a key have one generated. */
  readonly generatesKeys?: boolean;
}

export interface FilledRows {
  readonly rows: readonly ImportRow[];
  /** A sentence for everything that was filled: of how many rows, and how many stay empty. */
  readonly notes: readonly string[];
}

/** `taken` are the account's tunnels and their neighbours; what the other rows have is taken too. */
export function fillRows(rows: readonly ImportRow[], fill: Fill, taken: TakenAddresses): FilledRows {
  const notes: string[] = [];
  let filled = rows;
  for (const field of FILLABLE_FIELDS) {
    const text = fill.cells?.[field] ?? '';
    if (text === '') continue;
    const before = filled;
    filled = before.map((row) => (isEmpty(row.cells, field) ? withCell(row, field, text) : row));
    note(IPSEC_TUNNEL_LABELS[field], countChanged(before, filled));
  }
  if (fill.interfaceAddresses !== undefined) {
    const before = filled;
    const wanted = before.filter(({ cells }) => isEmpty(cells, 'interface_address')).length;
    const nextFree = freeAddresses(fill.interfaceAddresses.pools, besideRows(taken, before));
    const addresses = new Map(before.map(({ number, cells }) => [number, cells.interface_address]));
    filled = before.map((row) => {
      if (!isEmpty(row.cells, 'interface_address')) return row;
      // The second tunnel of a pair is beside its first.
      const address = nextFree(addresses.get(row.number - MAX_IMPORT_ROWS));
      addresses.set(row.number, address);
      return address === undefined ? row : withCell(row, 'interface_address', address);
    });
    note(IPSEC_TUNNEL_LABELS.interface_address, countChanged(before, filled), wanted);
  }
  if (fill.generatesKeys) {
    const before = filled;
    filled = before.map((row) => (needsKey(row) ? { ...row, generatesKey: true } : row));
    note(IPSEC_TUNNEL_LABELS.psk, countChanged(before, filled));
  }
  return { rows: filled, notes };

  function note(label: string, count: number, wanted = count): void {
    const sentences = [`${label}: filled in ${inRows(count)}.`];
    if (wanted > count)
      sentences.push(`The pool is full: ${inRows(wanted - count)} ${wanted - count === 1 ? 'stays' : 'stay'} empty.`);
    if (wanted > 0) notes.push(sentences.join(' '));
  }
}

/** The rows take addresses beside what the account has. */
export function besideRows({ tunnels, others }: TakenAddresses, rows: readonly ImportRow[]): TakenAddresses {
  const own = rows.map(({ cells }) => ({ interface_address: (cells.interface_address ?? '').trim() }));
  return { tunnels, others: [...others, ...own] };
}

function withCell(row: ImportRow, field: IpsecTunnelField, text: string): ImportRow {
  return { ...row, cells: { ...row.cells, [field]: text } };
}

function isEmpty(cells: ImportCells, field: IpsecTunnelField): boolean {
  return readCell(field, cells[field] ?? '') === undefined;
}

function needsKey({ cells, generatesKey, sharesKeyWith }: ImportRow): boolean {
  return !cells.psk && !generatesKey && sharesKeyWith === undefined;
}

function countChanged(before: readonly ImportRow[], after: readonly ImportRow[]): number {
  return after.filter((row, index) => row !== before[index]).length;
}

/** `1 row`, `2,000 rows`. */
export function inRows(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
}
