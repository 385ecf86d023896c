// What is dropped on the page or pasted into it, wherever: a file that misses its place would replace the page.

import { useEffect, useState } from 'react';
import { useLatest } from '../../../lib/use-latest.ts';
import type { Incoming } from './use-reading.ts';

/** Calls back with what comes in, and returns whether something is being dragged over the page. */
export function useIncoming(onIncoming: (incoming: Incoming) => void): boolean {
  const [isDraggedOver, setIsDraggedOver] = useState(false);
  const latest = useLatest(onIncoming);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const over = (event: DragEvent) => {
      event.preventDefault();
      setIsDraggedOver(true);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setIsDraggedOver(false);
      latest.current(incomingOf(event.dataTransfer));
    };
    const leave = (event: DragEvent) => {
      // It is also said when the pointer goes from one element to the next.
      if (event.relatedTarget === null) setIsDraggedOver(false);
    };
    const paste = (event: ClipboardEvent) => {
      if (isOtherField(event.target)) return;
      event.preventDefault();
      latest.current(incomingOf(event.clipboardData));
    };
    document.addEventListener('dragover', over, { signal });
    document.addEventListener('dragleave', leave, { signal });
    document.addEventListener('drop', drop, { signal });
    document.addEventListener('paste', paste, { signal });
    return () => listening.abort();
  }, [latest]);
  return isDraggedOver;
}

/** Text first: with cells, spreadsheets copy a picture of them as a file. */
function incomingOf(transfer: DataTransfer | null): Incoming {
  const text = transfer?.getData('text/plain') ?? '';
  return text === '' ? { files: [...(transfer?.files ?? [])] } : { text };
}

/** Whether it is pasted into a field of another part of the page. */
function isOtherField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type="file"]), dialog, [role="dialog"]') !== null;
}
