import { MAX_IMPORT_ROWS } from '@tunnel-desk/shared/api/batches';
import type { Refused } from './read-result.ts';

/** That there are too many rows; `undefined` where there are not. */
export function tooManyRows(count: number): Refused | undefined {
  if (count <= MAX_IMPORT_ROWS) return undefined;
  const [rows, most] = [count, MAX_IMPORT_ROWS].map((each) => each.toLocaleString('en'));
  const message = `There are ${rows} rows, and an import takes ${most} at most. Split them, and import one part after the other.`;
  return { kind: 'refused', message };
}
