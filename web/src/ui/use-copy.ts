// Copies a text, and knows how that ended: browsers refuse it on pages without TLS, and where a person forbade it.

import { useState } from 'react';

interface CopyAttempt {
  readonly kind: 'copied' | 'refused';
  readonly text: string;
  /** What it is, at the beginning of a sentence: "curl command". */
  readonly what: string;
  /** What to know about it. */
  readonly remarks: readonly string[];
}

export type Copyable = Omit<CopyAttempt, 'kind'>;

export interface Copying {
  /** The last attempt. */
  readonly last: CopyAttempt | undefined;
  /** Call it right when the person asks for it: a browser forgets soon that they did. */
  copy(copyable: Copyable): Promise<void>;
  /** Forgets the last attempt. */
  forget(): void;
}

export async function copyText(text: string): Promise<CopyAttempt['kind']> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    return 'refused';
  }
}

export function useCopy(): Copying {
  const [last, setLast] = useState<CopyAttempt>();
  const copy = async (copyable: Copyable) => {
    setLast(undefined);
    setLast({ ...copyable, kind: await copyText(copyable.text) });
  };
  return { last, copy, forget: () => setLast(undefined) };
}
