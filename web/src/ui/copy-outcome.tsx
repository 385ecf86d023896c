import { CheckIcon } from '@phosphor-icons/react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { Copying } from './use-copy.ts';

const CopyByHand = lazy(async () => ({ default: (await import('./copy-by-hand.tsx')).CopyByHand }));

/** Says that a text was copied and what to know about it, or shows it for copying by hand where the browser refused. */
export function CopyOutcome({ last, forget }: Pick<Copying, 'last' | 'forget'>) {
  const status = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (last?.kind === 'copied') status.current?.scrollIntoView({ block: 'nearest' });
  }, [last]);
  return (
    <>
      <div ref={status} role="status" className="text-sm empty:hidden">
        {last?.kind === 'copied' && (
          <>
            <p className="flex items-center gap-1.5 font-medium text-kumo-success">
              <CheckIcon aria-hidden className="size-4 shrink-0" />
              {last.what} copied.
            </p>
            {last.remarks.map((remark) => (
              <p key={remark} className="text-kumo-subtle">
                {remark}
              </p>
            ))}
          </>
        )}
      </div>
      {last?.kind === 'refused' && (
        <Suspense>
          <CopyByHand {...last} onClose={forget} />
        </Suspense>
      )}
    </>
  );
}
