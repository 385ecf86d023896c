// The import of each account while this document lives: another page may be opened in between, and a batch may be made of
// some of its rows. Most of it survives a reload, its keys are in memory alone.

import { useEffect } from 'react';
import { inSlices } from '../../lib/slices.ts';
import { forgetImport, loadImport, saveImport, storedText } from './import-draft.ts';
import { ImportTable } from './import-table.ts';

const SAVE_AFTER_MS = 500;

const held = new Map<string, ImportTable>();

/** The table of the account's import: the one that is held, else what was stored, else an empty one. */
export function heldImport(accountId: string): ImportTable {
  const known = held.get(accountId);
  if (known !== undefined) return known;
  const table = new ImportTable();
  const draft = loadImport(accountId);
  if (draft !== undefined) table.load(draft.file, draft.rows, draft.marks);
  held.set(accountId, table);
  return table;
}

/** Stores the rows a moment after the last change, and at once when the page goes. */
export function useSavedImport(accountId: string, table: ImportTable): void {
  useEffect(() => {
    let [savedRows, savedMarks] = [table.rows, table.marks];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopPreparing = () => {};
    const save = () => {
      clearTimeout(timer);
      stopPreparing();
      timer = undefined;
      [savedRows, savedMarks] = [table.rows, table.marks];
      const { file } = table.snapshot();
      if (file === undefined || savedRows.length === 0) forgetImport(accountId);
      else saveImport(accountId, { file, rows: savedRows, marks: savedMarks });
    };
    /** Row by row, so that thousands of them hold the page up no longer than one. */
    const prepare = () => {
      const { rows, marks } = table;
      let next = 0;
      stopPreparing = inSlices(
        () => {
          const row = rows[next];
          next += 1;
          if (row !== undefined) storedText(row, marks);
          return next < rows.length;
        },
        (isDone) => {
          if (isDone) save();
        },
      );
    };
    const saveIfPending = () => {
      if (timer !== undefined) save();
    };
    const unsubscribe = table.subscribe(() => {
      if (table.rows === savedRows && table.marks === savedMarks) return;
      clearTimeout(timer);
      stopPreparing();
      timer = setTimeout(prepare, SAVE_AFTER_MS);
    });
    window.addEventListener('pagehide', saveIfPending);
    return () => {
      unsubscribe();
      window.removeEventListener('pagehide', saveIfPending);
      saveIfPending();
    };
  }, [accountId, table]);
}
