// Says that the form comes from somebody's link, or asks first where that would replace what one has entered oneself.

import { Button } from '@cloudflare/kumo/components/button';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isFilled } from '../../forms/draft.ts';
import { rawValues } from '../../forms/fields.ts';
import { fromFragment, type SharedDraft } from '../../forms/shared-draft.ts';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { TUNNEL_FORM, type TunnelFormValues } from '../form/fields.ts';
import { generatePreSharedKey } from '../form/generate-pre-shared-key.ts';

type Phase = 'ask' | 'opened' | 'closed';

export interface SharedDraftNoteProps {
  /** As it stands in the URL, which loses it once it is read. */
  readonly fragment: string;
  /** Called when the note is gone, and the focus with it. */
  readonly onClose: () => void;
}

export function SharedDraftNote({ fragment, onClose }: SharedDraftNoteProps) {
  const { form, isReadOnly } = useLiveFormContext();
  const [draft] = useState(() => withOwnKey(fromFragment(TUNNEL_FORM.fields, fragment)));
  const [phase, setPhase] = useState<Phase>(() =>
    draft.kind === 'draft' && isFilled(TUNNEL_FORM.fields, form.getValues()) ? 'ask' : 'opened',
  );
  const title = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  }, []);
  useEffect(() => {
    title.current?.focus();
    if (phase === 'opened' && draft.kind === 'draft') form.reset(rawValues(TUNNEL_FORM.fields, draft.values));
  }, [phase, draft, form]);

  if (phase === 'closed') return null;
  const close = () => {
    setPhase('closed');
    onClose();
  };
  const { heading, text, actions } = contentOf(draft, phase, {
    open: () => !isReadOnly && setPhase('opened'),
    close,
  });
  return (
    <section
      aria-labelledby={TITLE_ID}
      className="flex flex-col items-start gap-2 rounded-lg bg-kumo-base px-4 py-3 text-sm ring ring-kumo-line sm:px-5"
    >
      <h2 ref={title} tabIndex={-1} id={TITLE_ID} className="font-semibold text-base">
        {heading}
      </h2>
      {text}
      <div className="flex flex-wrap gap-2">{actions}</div>
    </section>
  );
}

const TITLE_ID = 'shared-draft';

interface Content {
  readonly heading: string;
  readonly text: ReactNode;
  readonly actions: ReactNode;
}

function contentOf(
  draft: SharedDraft<TunnelFormValues>,
  phase: Phase,
  { open, close }: { readonly open: () => void; readonly close: () => void },
): Content {
  const dismiss = <Button onClick={close}>Dismiss</Button>;
  if (draft.kind !== 'draft') {
    return {
      heading: "The draft in this link can't be read",
      text:
        draft.kind === 'newer' ? (
          <p>A later version of this desk made the link. Nothing was changed here.</p>
        ) : (
          <p>The link is incomplete: ask for it again. Nothing was changed here.</p>
        ),
      actions: dismiss,
    };
  }
  if (phase === 'ask') {
    return {
      heading: "This link holds somebody's draft",
      text: <p>Opening it replaces what you have entered here, keys included.</p>,
      actions: (
        <>
          <Button onClick={open}>Open their draft</Button>
          <Button onClick={close}>Keep mine</Button>
        </>
      ),
    };
  }
  return {
    heading: 'This form was opened from a link',
    text: (
      <>
        <p>It is somebody's draft: check every value before you create the tunnel.</p>
        {draft.withheld.length > 0 && <p>Links carry no keys. To be entered here: {draft.withheld.join(', ')}.</p>}
        {draft.values.pskSource === 'generated' && <p>A pre-shared key was generated here, in this browser.</p>}
        {draft.ignoredCount > 0 && (
          <p>
            {draft.ignoredCount === 1 ? 'One entry of the link was' : `${draft.ignoredCount} entries of the link were`}{' '}
            left out: no field of this form takes {draft.ignoredCount === 1 ? 'it' : 'them'}.
          </p>
        )}
      </>
    ),
    actions: dismiss,
  };
}

const { psk, 'pair/second_psk': secondPsk } = TUNNEL_FORM.fields;
/** The other one of a pair is generated where its field is. */
const GENERATED = new Set([psk.label, secondPsk.label]);

/** A key that was to be generated is: here, where somebody goes on with the form. */
function withOwnKey(draft: SharedDraft<TunnelFormValues>): SharedDraft<TunnelFormValues> {
  if (draft.kind !== 'draft' || draft.values.pskSource !== 'generated') return draft;
  return {
    ...draft,
    values: { ...draft.values, psk: generatePreSharedKey() },
    withheld: draft.withheld.filter((label) => !GENERATED.has(label)),
  };
}
