// A row of an import as the create request it stands for, and a request as a row's texts.

import { valueAt } from '../../value-at.ts';
import { CELL_FIELDS, isField, readCell, writeCell } from '../cells.ts';
import { completeIdentity } from '../fields.ts';
import type { IpsecTunnelField } from '../request.ts';
import type { ImportCells } from './rows.ts';

const PATHS: ReadonlyMap<IpsecTunnelField, readonly string[]> = new Map(
  CELL_FIELDS.map((field) => [field, field.split('.')]),
);

/**
 * The request, right or wrong, for the schema to validate: only what is in the cells. `bgp` is there where one of its cells is
 * filled, and so are the other groups. A label alone becomes the account's custom identity, as in the form.
 */
export function requestOf(cells: ImportCells, accountId: string): Record<string, unknown> {
  return requestWith((field) => fieldValue(field, cells[field], accountId));
}

/** The same with custom identities as they are written, for what looks at no account. */
export function requestAsWritten(cells: ImportCells): Record<string, unknown> {
  return requestWith((field) => readCell(field, cells[field] ?? ''));
}

function requestWith(valueOfField: (field: IpsecTunnelField) => unknown): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const field of CELL_FIELDS) putAt(request, field, valueOfField(field));
  return request;
}

/** Puts the value at the field's place, in its group where it has one; `undefined` is left out. */
export function putAt(request: Record<string, unknown>, field: IpsecTunnelField, value: unknown): void {
  if (value === undefined) return;
  const [name = '', member] = PATHS.get(field) ?? [];
  if (member === undefined) {
    request[name] = value;
    return;
  }
  const group = request[name];
  if (typeof group === 'object' && group !== null) Reflect.set(group, member, value);
  else request[name] = { [member]: value };
}

/** The value of a field as {@link requestOf} has it. */
export function fieldValue(field: IpsecTunnelField, text: string | undefined, accountId: string): unknown {
  const value = readCell(field, text ?? '');
  const isLabel = field === 'custom_remote_identities.fqdn_id' && typeof value === 'string' && !value.includes('.');
  return isLabel ? completeIdentity(value, accountId) : value;
}

/** The texts of a request, as JSON may hold one: values of another type than their field's are written as JSON. */
export function cellsOf(request: object): ImportCells {
  const cells: Partial<Record<IpsecTunnelField, string>> = {};
  for (const [field, path] of PATHS) {
    const text = textOf(field, valueAt(request, path));
    if (text !== '') cells[field] = text;
  }
  return cells;
}

function textOf(field: IpsecTunnelField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    if (value.length === 0) return '';
    const isOfTexts = value.every((entry) => typeof entry === 'string');
    return (isOfTexts && writeCell(field, value)) || JSON.stringify(value);
  }
  // The object form of a target: what was set.
  if (field === 'health_check.target' && typeof value === 'object') return textOf('name', valueAt(value, ['saved']));
  return writeCell(field, value) || JSON.stringify(value);
}

/** What Cloudflare adds to a tunnel: a create has no use for it. */
const READ_ONLY = new Set([
  ...['id', 'created_on', 'modified_on', 'psk_metadata', 'remote_identities', 'allow_null_cipher', 'bgp_status'],
]);

/** The dotted paths of what a row has no cell for, so that it does not vanish silently. */
export function unreadKeys(request: object): string[] {
  return Object.entries(request).flatMap(([key, value]: [string, unknown]) => {
    const isTop = isField(key) && !key.includes('.');
    const isGroup = CELL_FIELDS.some((field) => field.startsWith(`${key}.`));
    if (isTop || READ_ONLY.has(key) || value === null) return [];
    if (!isGroup || typeof value !== 'object' || Array.isArray(value)) return [key];
    const members = Object.keys(value);
    // An empty one would say that BGP is on.
    if (members.length === 0 && key === 'bgp') return [key];
    return members.map((member) => `${key}.${member}`).filter((path) => !isField(path));
  });
}
