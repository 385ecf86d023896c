// What came of accepting what was done elsewhere, and how this desk knew the tunnel.

import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import { useEffect, useRef } from 'react';
import { Time } from '../../ui/time.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { Accepted } from './use-accept-drift.ts';
import { knownByWords } from './words.ts';

/** In the document from the start, so that what comes is announced. Takes the focus from the button, which may be gone. */
export function AcceptOutcomeNote({ last }: { readonly last: Accepted | undefined }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (last !== undefined) note.current?.focus();
  }, [last]);
  return (
    <div ref={note} tabIndex={-1} role="status" className="text-sm [overflow-wrap:anywhere] empty:sr-only">
      {last && <Words {...last} />}
    </div>
  );
}

function Words({ drift: { name, kind }, outcome }: Accepted) {
  switch (outcome.kind) {
    case 'accepted':
      return (
        <p>
          Accepted: this desk now knows <VisibleText text={name} /> {kind === 'deleted' ? 'as deleted' : 'as it is'}.
          That you did so is recorded.
        </p>
      );
    case 'changed-again':
      return (
        <p className="font-medium">
          <VisibleText text={name} /> was changed, accepted or restored since you looked at it. Nothing was accepted:
          what is shown is how it is now.
        </p>
      );
    case 'failed':
      return <p className="font-medium text-kumo-danger">{outcome.why}</p>;
  }
}

/** How the desk knew it, until when nobody can tell. */
export function KnownAs({ drift: { knownBy, since } }: { readonly drift: Exclude<DriftedTunnel, { kind: 'made' }> }) {
  return (
    <>
      <VisibleText dir="ltr" text={knownByWords(knownBy)} /> on <Time at={since} />
    </>
  );
}
