import type { ReactNode } from 'react';

/**
 * A page that is a table and therefore uses the whole window, however wide; the shell keeps every other page to a column
 * that one can read (`app/shell.tsx`).
 */
export function WholeWindow({ children }: { readonly children: ReactNode }) {
  return (
    <div data-width="window" className="contents">
      {children}
    </div>
  );
}
