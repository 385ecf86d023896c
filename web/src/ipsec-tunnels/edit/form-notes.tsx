// What stands above the form on a tunnel: that it has a draft, a fix or known values in it, or that the tunnel is gone.

import { Button } from '@cloudflare/kumo/components/button';
import { useState } from 'react';
import { FocusedAlert } from '../../ui/focused-alert.tsx';

export function DraftNote({ onStartOver }: { readonly onStartOver: () => void }) {
  const [isShown, setIsShown] = useState(true);
  if (!isShown) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 rounded-lg bg-kumo-info-tint px-4 py-2 text-sm">
      <p>Your unsaved changes of before are in this form.</p>
      <Button
        size="sm"
        onClick={() => {
          onStartOver();
          setIsShown(false);
        }}
      >
        Start over
      </Button>
    </div>
  );
}

/** The form was opened to put right what does not suit the router. */
export function FixNote() {
  return (
    <p role="status" className="rounded-lg bg-kumo-info-tint px-4 py-2 text-sm">
      You came here to put something right. Nothing is changed before you save.
    </p>
  );
}

/** The form was opened to undo what was done elsewhere. */
export function RestoreNote() {
  return (
    <p role="status" className="rounded-lg bg-kumo-info-tint px-4 py-2 text-sm">
      What was changed elsewhere is as this desk knew it in this form. Nothing is changed before you save.
    </p>
  );
}

export function GoneMeanwhile({ onCreateAgain }: { readonly onCreateAgain: () => void }) {
  return (
    <FocusedAlert className="items-start gap-2 bg-kumo-danger-tint text-kumo-danger">
      <h2 className="font-semibold">Somebody deleted this tunnel. Nothing was saved.</h2>
      <p className="text-sm">Your entries are kept: you can create it again with them, under a new ID.</p>
      <Button onClick={onCreateAgain}>Create it again</Button>
    </FocusedAlert>
  );
}
