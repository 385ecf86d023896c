// What still keeps the form from being sent, with a link to each field.

import { useEffect, useRef, useSyncExternalStore } from 'react';
import { FieldLink } from './field-link.tsx';
import { useTunnelForm } from './form-context.tsx';
import { fieldOfPath } from './tunnel-form.ts';

/** Takes the focus when it appears; shrinks as problems are mended, and goes with the last one. */
export function ProblemSummary() {
  const { store } = useTunnelForm();
  const { problems } = useSyncExternalStore(store.subscribe, () => store.judgement);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  if (problems.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className="rounded-lg bg-kumo-danger-tint px-4 py-3 text-kumo-danger">
      <h2 className="font-semibold">
        {problems.length === 1 ? 'One thing needs' : `${problems.length} things need`} your attention. Nothing was sent.
      </h2>
      <ul className="mt-1 list-disc pl-5 text-sm">
        {problems.map(({ path, message }) => {
          const field = fieldOfPath(path);
          return (
            <li key={path.join('.')} className="[overflow-wrap:anywhere]">
              {field === undefined ? (
                message
              ) : (
                <>
                  <FieldLink field={field} />: {message}
                </>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
