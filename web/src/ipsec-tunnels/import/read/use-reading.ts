// The reading of one file or of pasted cells at a time: what comes later replaces what is being read.

import { useRef, useState } from 'react';
import { readFile, readPasted } from './read.ts';
import type { NoHeaders, ReadResult, ReadRows, Refused } from './read-result.ts';

export type Incoming =
  | { readonly files: readonly File[] }
  | { readonly text: string }
  | { again(): Promise<ReadResult> };

export type Reading = { readonly kind: 'nothing' } | { readonly kind: 'reading' } | NoHeaders | Refused;

export interface UseReading {
  /** `nothing` until something comes in, and again once its rows were read. */
  readonly reading: Reading;
  readonly read: (incoming: Incoming) => void;
}

export function useReading(onRead: (read: ReadRows) => void): UseReading {
  const [reading, setReading] = useState<Reading>({ kind: 'nothing' });
  const latest = useRef<Incoming>(undefined);
  const read = async (incoming: Incoming) => {
    latest.current = incoming;
    setReading({ kind: 'reading' });
    // Where the browser gives up: on a text that is nested too deeply, for example.
    const result = await resultOf(incoming).catch((): Refused => UNREADABLE);
    if (latest.current !== incoming) return;
    setReading(result.kind === 'rows' ? { kind: 'nothing' } : result);
    if (result.kind === 'rows') onRead(result);
  };
  return { reading, read: (incoming) => void read(incoming) };
}

const UNREADABLE: Refused = { kind: 'refused', message: 'The browser could not read it.' };

async function resultOf(incoming: Incoming): Promise<ReadResult> {
  if ('again' in incoming) return incoming.again();
  if ('text' in incoming) return readPasted(incoming.text);
  const [file, ...others] = incoming.files;
  if (file === undefined) return { kind: 'refused', message: 'That was neither a file nor text.' };
  return others.length === 0
    ? readFile(file)
    : { kind: 'refused', message: 'Those are several files. Import one after the other.' };
}
