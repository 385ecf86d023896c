// A tunnel as a row of a CSV file, and the row as a request again. Texts stay what they are in between, whatever they hold.

import { valueAt } from '../../value-at.ts';
import { splitPrefixes } from '../prefix-list.ts';
import type { IpsecTunnel } from '../tunnel.ts';
import { type ExportedRequest, exportedTunnel } from './exported-tunnel.ts';

/** How the value of a column is written into a text, and read from one; what cannot be read stays a text. */
interface CsvKind {
  write(value: unknown): string;
  read(cell: string): unknown;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const TEXT: CsvKind = { write: (value) => (typeof value === 'string' ? value : ''), read: (cell) => cell };
const FLAG: CsvKind = {
  write: (value) => (typeof value === 'boolean' ? String(value) : ''),
  // Spreadsheets write them in capitals.
  read: (cell) => FLAGS.get(cell.trim().toLowerCase()) ?? cell,
};
const NUMBER: CsvKind = {
  write: (value) => (typeof value === 'number' ? String(value) : TEXT.write(value)),
  read: (cell) => (/^\d+$/.test(cell.trim()) ? Number(cell) : cell),
};
const PREFIXES: CsvKind = {
  write: (value) => (Array.isArray(value) ? value.join(' ') : ''),
  read: splitPrefixes,
};

/** The columns after the ID: the request's fields by their dotted paths. There is none for the pre-shared key. */
const KINDS = {
  name: TEXT,
  description: TEXT,
  cloudflare_endpoint: TEXT,
  customer_endpoint: TEXT,
  interface_address: TEXT,
  interface_address6: TEXT,
  replay_protection: FLAG,
  automatic_return_routing: FLAG,
  'custom_remote_identities.fqdn_id': TEXT,
  'health_check.enabled': FLAG,
  'health_check.rate': TEXT,
  'health_check.type': TEXT,
  'health_check.direction': TEXT,
  'health_check.target': TEXT,
  'bgp.customer_asn': NUMBER,
  'bgp.md5_key': TEXT,
  /** Separated by blanks. */
  'bgp.extra_prefixes': PREFIXES,
  'bgp.import_filter_id': TEXT,
  'bgp.export_filter_id': TEXT,
} as const satisfies Readonly<Record<CsvField, CsvKind>>;

type Groups = { [Key in keyof ExportedRequest & string]: NonNullable<ExportedRequest[Key]> };
type CsvField = {
  [Key in keyof Groups]: Groups[Key] extends readonly unknown[] | string | boolean
    ? Key
    : `${Key}.${keyof Groups[Key] & string}`;
}[keyof Groups];

/** Read-only: it says which tunnel the row was, and a create ignores it. */
export const CSV_ID_COLUMN = 'id';
const FIELDS = Object.keys(KINDS).filter((name): name is CsvField => Object.hasOwn(KINDS, name));
/** The headers of the file, in their order. */
export const CSV_COLUMNS: readonly string[] = [CSV_ID_COLUMN, ...FIELDS];

/** A tunnel's cells, in the order of {@link CSV_COLUMNS}. No spreadsheet takes one of them for a formula. */
export function toCsvCells(tunnel: IpsecTunnel): string[] {
  const { request, id = '' } = exportedTunnel(tunnel);
  return [id, ...FIELDS.map((field) => KINDS[field].write(valueAt(request, field.split('.'))))].map(escapeFormula);
}

/** A row as it was read. */
export interface CsvRow {
  /** The ID of the tunnel that the row was, where it says so. */
  readonly id: string | undefined;
  /** As a create request is, right or wrong: for its schema to validate. Empty cells are absent. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** The row whose cells these are, by their headers. Columns that are not known here are ignored. */
export function fromCsvCells(cells: Readonly<Record<string, string | undefined>>): CsvRow {
  const request: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const cell = cells[field] ?? '';
    if (cell === '') continue;
    const value = KINDS[field].read(unescapeFormula(cell));
    const [group = '', member] = field.split('.');
    request[group] = member === undefined ? value : { ...Object(request[group]), [member]: value };
  }
  return { id: cells[CSV_ID_COLUMN] || undefined, request };
}

/** What a spreadsheet may take for a formula, full-width signs included (OWASP, CSV injection). */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** A text that begins with the mark itself is marked too: so each mark that is read was written here. */
const MARKED_START = /^'['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function escapeFormula(text: string): string {
  return FORMULA_START.test(text) || text.startsWith("'") ? `'${text}` : text;
}

function unescapeFormula(cell: string): string {
  return MARKED_START.test(cell) ? cell.slice(1) : cell;
}
