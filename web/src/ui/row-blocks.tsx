// What a long table has in common with any other: only some of its rows are in the document, and space in place of the rest.

import type { Range } from '@tanstack/react-virtual';

export interface RowBlocks {
  /** Rows beyond either edge, so that the next turn of a wheel finds them there. */
  readonly overscan: number;
  /** Rows come and go by so many at once: each time, the browser lays out the whole table. */
  readonly block: number;
}

/** The rows that are in the document while those of a range can be seen, for a virtualizer. */
export function rowBlocks({ overscan, block }: RowBlocks): (range: Range) => number[] {
  return ({ startIndex, endIndex, count }) => {
    const from = Math.max(0, Math.floor((startIndex - overscan) / block) * block);
    const to = Math.min(count, Math.ceil((endIndex + 1 + overscan) / block) * block);
    return Array.from({ length: to - from }, (_, offset) => from + offset);
  };
}

/** Takes the place of the rows that are not in the document. */
export function SpaceRow({ height }: { readonly height: number }) {
  if (height === 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height }} />
    </tr>
  );
}
