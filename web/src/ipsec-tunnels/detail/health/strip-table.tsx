import type { Strip } from '@tunnel-desk/shared/health/strip';
import { useState } from 'react';
import { STATE_WORDS } from '../../health/words.ts';
import { nameOf } from './strip-words.ts';

export interface StripTableProps {
  readonly caption: string;
  readonly strips: readonly Strip[];
  readonly formatMoment: (at: number) => string;
}

/** What the strips draw, as a table that can be read out and copied. */
export function StripTable({ caption, strips, formatMoment }: StripTableProps) {
  // A week of many data centres has hundreds of rows: they are there once somebody wants them.
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary className="w-fit cursor-pointer py-1 text-sm underline">As a table</summary>
      {isOpen && (
        <div className="overflow-x-auto pt-2">
          <table className="w-full text-left text-sm tabular-nums">
            <caption className="pb-1 text-left text-kumo-subtle">{caption}</caption>
            <thead>
              <tr>
                {['Data centre', 'State', 'From', 'Until'].map((head) => (
                  <th key={head} scope="col" className="border-kumo-line border-b py-1 pr-4 font-semibold">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {strips.flatMap((strip) =>
                strip.spans.map(({ state, from, until }) => (
                  <tr key={`${strip.code} ${from}`}>
                    <th scope="row" className="border-kumo-line border-b py-1 pr-4 font-normal">
                      {nameOf(strip)}
                    </th>
                    <td className="border-kumo-line border-b py-1 pr-4">{STATE_WORDS[state]}</td>
                    <td className="border-kumo-line border-b py-1 pr-4">{formatMoment(from)}</td>
                    <td className="border-kumo-line border-b py-1">{formatMoment(until)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
