import Papa from 'papaparse';
import type { NewKey } from './new-keys.tsx';

/** A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV injection). */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The keys as a CSV file. A key stands there exactly as it is: a mark before it would make it another key. */
export function newKeysCsv(keys: readonly NewKey[]): string {
  return Papa.unparse({
    fields: ['id', 'name', 'psk'],
    data: keys.map(({ tunnel: { id, name }, psk }) => [id, FORMULA_START.test(name) ? `'${name}` : name, psk]),
  });
}
