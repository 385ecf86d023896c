import { Time } from '../../ui/time.tsx';
import { OldAndNew } from '../form/old-and-new.tsx';
import type { SavedState } from './saved-state.ts';

/** What an update has changed, and what Cloudflare did not do as it was asked to. */
export function SavedNote({ saved: { at, changes, kept } }: { readonly saved: SavedState['saved'] }) {
  return (
    <section aria-label="What was saved" className="rounded-lg bg-kumo-base px-4 py-3 text-sm ring ring-kumo-line">
      <h2 className="font-semibold">
        Saved on <Time at={at} />
      </h2>
      <ul className="mt-1 flex flex-col gap-1">
        {changes.map((change) => (
          <li key={change.field} className="flex flex-wrap gap-x-2 [overflow-wrap:anywhere]">
            <span className="font-medium">{change.label}:</span>
            <OldAndNew {...change} />
          </li>
        ))}
      </ul>
      {kept.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1 rounded-lg bg-kumo-warning-tint px-3 py-2 text-kumo-warning">
          {kept.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
