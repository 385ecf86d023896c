// What was read of a file, or of cells that were pasted.

import type { BatchSource } from '@tunnel-desk/shared/api/batches';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';

export type ReadResult = ReadRows | NoHeaders | Refused;

export interface ReadRows {
  readonly kind: 'rows';
  readonly source: BatchSource;
  /** At least one, and no more than an import takes. */
  readonly rows: readonly ImportRow[];
  /** What is wrong with the whole of it, columns that are not known for example. Sentences. */
  readonly issues: readonly string[];
  /** What is wrong with how a row is written, by its number: nothing of it can be seen in the cells. Sentences. */
  readonly rowIssues: ReadonlyMap<number, readonly string[]>;
  /** What was guessed or left out. Sentences. */
  readonly notes: readonly string[];
  /** How it was read, in a few words: `50 rows, semicolons, Windows-1252`. */
  readonly summary: string;
}

/** Cells without a row of headers, so that nothing says what they are. */
export interface NoHeaders {
  readonly kind: 'no-headers';
  /** How many columns have something in them. */
  readonly columnCount: number;
  /** The order of columns that the cells may be in: the template's, or an export's. */
  readonly order: readonly string[];
  /** Reads them in that order; `undefined` where there are not as many. */
  readonly readInOrder: (() => Promise<ReadResult>) | undefined;
}

export interface Refused {
  readonly kind: 'refused';
  /** Why, and what to do. Sentences. */
  readonly message: string;
}

/** The same before it is known where the text came from. */
export type ReadContent = ContentRows | Omit<NoHeaders, 'readInOrder'> | Refused;

export interface ContentRows extends Omit<ReadRows, 'source' | 'summary'> {
  /** How it is written, for the summary. */
  readonly words: string;
}
