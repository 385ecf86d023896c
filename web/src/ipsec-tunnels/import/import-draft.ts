// The rows of an import in session storage: they survive a reload, and no key is ever among them.

import { BATCH_SOURCES } from '@tunnel-desk/shared/api/batches';
import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { ImportCells, ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { z } from 'zod';
import type { ImportedFile } from './import-table.ts';
import { KEY_LOST, type Marks, marksOfReading, NO_ISSUES } from './row-issues.ts';

export interface ImportDraft {
  readonly file: ImportedFile;
  readonly rows: readonly ImportRow[];
  readonly marks: Marks;
}

const sentences = z.array(z.string()).readonly();

const storedRowSchema = z.object({
  number: z.int(),
  sheetRow: z.int().optional(),
  cells: z.record(z.string(), z.string()),
  generatesKey: z.boolean(),
  sharesKeyWith: z.int().optional(),
  /** Whether it had a key of its own. */
  hadKey: z.boolean(),
  /** What was wrong with how it was written. */
  marks: sentences,
});

const storedSchema = z.object({
  file: z.object({
    source: z.object({ kind: z.enum(BATCH_SOURCES), name: z.string() }),
    issues: sentences,
    notes: sentences,
    summary: z.string(),
  }),
  rows: z.array(storedRowSchema).readonly(),
});

const keyOf = (accountId: string) => `tunnel-desk.import.${accountId}`;

/** Does nothing where the browser allows no storage, or not as much. */
export function saveImport(accountId: string, { file, rows, marks }: ImportDraft): void {
  const storedRows = rows.map((row) => storedText(row, marks)).join();
  try {
    sessionStorage.setItem(keyOf(accountId), `{"file":${JSON.stringify(file)},"rows":[${storedRows}]}`);
  } catch {
    // What was stored before is no longer what is there.
    forgetImport(accountId);
  }
}

export function forgetImport(accountId: string): void {
  try {
    sessionStorage.removeItem(keyOf(accountId));
  } catch {
    // Without storage there is nothing to forget.
  }
}

/** What was stored, with a mark where a key was; `undefined` where this version can read nothing. */
export function loadImport(accountId: string): ImportDraft | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(sessionStorage.getItem(keyOf(accountId)) ?? 'null');
  } catch {
    return undefined;
  }
  const { data } = storedSchema.safeParse(stored);
  if (data === undefined) return undefined;
  const marks = new Map(marksOfReading(new Map(data.rows.map(({ number, marks }) => [number, marks]))));
  for (const { number, hadKey } of data.rows) {
    if (hadKey) marks.set(number, [...(marks.get(number) ?? []), KEY_LOST]);
  }
  return { file: data.file, rows: data.rows.map(fromStored), marks };
}

const texts = new WeakMap<ImportRow, { readonly marks: readonly CellIssue[]; readonly text: string }>();

/** What is stored of a row; of one that has not changed since, at once. */
export function storedText(row: ImportRow, marks: Marks): string {
  const ofRow = marks.get(row.number) ?? NO_ISSUES;
  const known = texts.get(row);
  if (known?.marks === ofRow) return known.text;
  const text = JSON.stringify(toStored(row, ofRow));
  texts.set(row, { marks: ofRow, text });
  return text;
}

function toStored(row: ImportRow, ofRow: readonly CellIssue[]): z.infer<typeof storedRowSchema> {
  const { psk = '', ...cells } = row.cells;
  return {
    ...row,
    cells,
    hadKey: psk !== '' || ofRow.includes(KEY_LOST),
    marks: ofRow.filter((mark) => mark !== KEY_LOST).map(({ message }) => message),
  };
}

function fromStored({ hadKey: _, marks: __, cells, ...row }: z.infer<typeof storedRowSchema>): ImportRow {
  const known: ImportCells = Object.fromEntries(Object.entries(cells).filter(([name]) => isField(name)));
  return { ...row, cells: known };
}

function isField(name: string): name is IpsecTunnelField {
  return name !== 'psk' && Object.hasOwn(IPSEC_TUNNEL_LABELS, name);
}
