// The rows of a JSON text: requests, this desk's own export, and responses of Cloudflare's API.

import { cellsOf, unreadKeys } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { quoted } from '@tunnel-desk/shared/ipsec-tunnels/near-misses';
import { jsonErrorPosition } from './json-position.ts';
import type { ReadContent } from './read-result.ts';
import { tooManyRows } from './too-many-rows.ts';

/** Reads the text in pieces, between which the page can have its turn. */
export function* readJson(text: string): Generator<void, ReadContent> {
  const parsed = parse(text);
  if ('refused' in parsed) return { kind: 'refused', message: parsed.refused };
  yield;
  const entries = entriesOf(parsed.value);
  if (entries.length === 0) return { kind: 'refused', message: 'There is no tunnel in it.' };
  const refused = tooManyRows(entries.length);
  if (refused !== undefined) return refused;

  const rows: ImportRow[] = [];
  const rowIssues = new Map<number, readonly string[]>();
  for (const [index, entry] of entries.entries()) {
    const number = index + 1;
    const request = isGroup(entry) ? entry : {};
    rows.push({ number, cells: cellsOf(request), generatesKey: false });
    const issues = isGroup(entry)
      ? unreadKeys(entry).map(unknownKey)
      : ['This is not an object with the fields of a tunnel.'];
    if (issues.length > 0) rowIssues.set(number, issues);
    if (number % 20 === 0) yield;
  }
  return { kind: 'rows', rows, issues: [], rowIssues, notes: [], words: 'JSON' };
}

function parse(text: string): { readonly value: unknown } | { readonly refused: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { line, column } = jsonErrorPosition(text);
    return {
      refused: `This is not JSON from line ${line}, column ${column} on. Correct it there, and choose the file again.`,
    };
  }
}

/** The tunnels: an array of them, the array of a response, or the one that there is. */
function entriesOf(value: unknown): readonly unknown[] {
  let inside = value;
  while (isGroup(inside)) {
    const further: unknown = inside['result'] ?? inside['ipsec_tunnels'] ?? inside['ipsec_tunnel'];
    if (further === undefined || further === null) break;
    inside = further;
  }
  return Array.isArray(inside) ? inside : [inside];
}

interface Group {
  readonly [key: string]: unknown;
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(path: string): string {
  return `${quoted(path)} is not a field of a tunnel, and is left out.`;
}
