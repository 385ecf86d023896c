// A tunnel's fields as texts, as the cells of a file and of an import have them: how each is written and read. Texts stay
// what they are in between, whatever they hold.

import { plainText } from '../characters.ts';
import { splitPrefixes } from './prefix-list.ts';
import type { IpsecTunnelField } from './request.ts';

/** How a field's value is written into a text, and read from one that is not empty; what cannot be read stays a text. */
interface CellKind {
  write(value: unknown): string;
  read(text: string): unknown;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const write = (value: unknown) => (typeof value === 'string' ? value : '');

/** White space around it is not read, as in the form. */
const TEXT: CellKind = { write, read: (text) => text.trim() || undefined };
/** Read exactly as it was typed. */
const FREE_TEXT: CellKind = { write, read: (text) => text };
/** In lower case whichever way it is typed: a spreadsheet writes its own in capitals. */
const FLAG: CellKind = {
  write: (value) => (typeof value === 'boolean' ? String(value) : ''),
  read: (text) => FLAGS.get(text.trim().toLowerCase()) ?? TEXT.read(text),
};
const NUMBER: CellKind = {
  write: (value) => (typeof value === 'number' ? String(value) : write(value)),
  read: (text) => (/^\d+$/.test(text.trim()) ? Number(text) : TEXT.read(text)),
};
/** Written with blanks between them, and read in whatever way lists are written. */
const PREFIXES: CellKind = {
  write: (value) => (Array.isArray(value) ? value.join(' ') : ''),
  read(text) {
    const prefixes = splitPrefixes(text);
    return prefixes.length > 0 ? prefixes : undefined;
  },
};

/** In the order of a file's columns. */
const KINDS = {
  name: TEXT,
  description: FREE_TEXT,
  cloudflare_endpoint: TEXT,
  customer_endpoint: TEXT,
  interface_address: TEXT,
  interface_address6: TEXT,
  psk: FREE_TEXT,
  replay_protection: FLAG,
  automatic_return_routing: FLAG,
  'custom_remote_identities.fqdn_id': TEXT,
  'health_check.enabled': FLAG,
  'health_check.rate': TEXT,
  'health_check.type': TEXT,
  'health_check.direction': TEXT,
  'health_check.target': TEXT,
  'bgp.customer_asn': NUMBER,
  'bgp.md5_key': FREE_TEXT,
  'bgp.extra_prefixes': PREFIXES,
  'bgp.import_filter_id': TEXT,
  'bgp.export_filter_id': TEXT,
} as const satisfies Readonly<Record<IpsecTunnelField, CellKind>>;

/** Every field, the key's among them, in the order of a file's columns. */
export const CELL_FIELDS: readonly IpsecTunnelField[] = Object.keys(KINDS).filter(isField);

export function isField(name: string): name is IpsecTunnelField {
  return Object.hasOwn(KINDS, name);
}

/** The text of a field's value; empty for one that is absent or of another type. */
export function writeCell(field: IpsecTunnelField, value: unknown): string {
  return KINDS[field].write(value);
}

/** The value that the text stands for, right or wrong, for the field's schema to validate; `undefined` where it is empty. */
export function readCell(field: IpsecTunnelField, text: string): unknown {
  return text === '' ? undefined : KINDS[field].read(text);
}

/** What a spreadsheet may take for a formula, full-width signs included (OWASP, CSV injection), and an import for a comment. */
const SPECIAL_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20#]/;
/** A text that begins with the mark itself is marked too: so each mark that is read was written here. */
const MARKED_START = /^'['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20#]/;

/** The text as a file has it: marked where a spreadsheet would take it for a formula. */
export function escapeFormula(text: string): string {
  return SPECIAL_START.test(text) || text.startsWith("'") ? `'${text}` : text;
}

/** The text of a file's cell, without the mark. */
export function unescapeFormula(cell: string): string {
  return MARKED_START.test(cell) ? cell.slice(1) : cell;
}

/** A word as it is meant: without quotation marks and blanks around it, and in lower case. */
export function wordIn(text: string): string {
  return plainText(text)
    .replace(/^["'`“”„‟‘’‚‛«»‹›\s]+|["'`“”„‟‘’‚‛«»‹›\s]+$/g, '')
    .toLowerCase();
}
