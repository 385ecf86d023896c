// The rows of an import, as a person sees and edits them: a text for every field, right or wrong.

import type { IpsecTunnelField } from '../request.ts';

/** A row's texts by field, the key's among them; an absent or empty one is left out of the request. */
export type ImportCells = Readonly<Partial<Record<IpsecTunnelField, string>>>;

export interface ImportRow {
  /** Where it stands in what was read, the first one being 1; it keeps its number when others are removed. */
  readonly number: number;
  readonly cells: ImportCells;
  /** Whether a key is generated for it in the browser when it is created; a key of its own is among the cells. */
  readonly generatesKey: boolean;
  /** The number of an earlier row whose key this one has too: the second of a pair with one key. */
  readonly sharesKeyWith?: number | undefined;
}
