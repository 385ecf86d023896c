// Has the form open with what is known of a tunnel, without a key, and asks first where that would lose somebody's entries.

import { Button } from '@cloudflare/kumo/components/button';
import { useEffect, useEffectEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { newTunnelPath } from '../../app/paths.ts';
import { isFilled } from '../../forms/draft.ts';
import { fromResource } from '../../forms/fields.ts';
import { PageNotice } from '../detail/page-notice.tsx';
import { tunnelDraft } from '../form/duplicate.ts';
import { TUNNEL_FORM } from '../form/fields.ts';
import { openNextWith, type RecreatedState } from './next-form.ts';

export interface FillFormProps {
  readonly accountId: string;
  /** What is known of the tunnel, as a create request or a resource has it. */
  readonly recorded: object;
  readonly name: string;
}

export function FillForm(opening: FillFormProps) {
  const draft = tunnelDraft.load();
  const hasDraft = draft !== undefined && isFilled(TUNNEL_FORM.fields, draft);
  return hasDraft ? <AskFirst {...opening} draftName={draft.name} /> : <OpenForm {...opening} />;
}

function OpenForm(opening: FillFormProps) {
  const open = useEffectEvent(useOpenForm(opening));
  useEffect(() => open(), []);
  return null;
}

/** Nobody's unfinished form is overwritten unasked. */
function AskFirst({ draftName, ...opening }: FillFormProps & { readonly draftName: string }) {
  const open = useOpenForm(opening);
  return (
    <PageNotice title={`Replace your unfinished form by ${opening.name}?`}>
      <p className="[overflow-wrap:anywhere]">
        You have begun to fill the form{draftName && ` for ${draftName}`}. Those entries would be lost.
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button variant="primary" onClick={open}>
          Replace them
        </Button>
        <Link href={newTunnelPath(opening.accountId)} className="py-1 underline">
          Keep mine
        </Link>
      </div>
    </PageNotice>
  );
}

function useOpenForm({ accountId, recorded, name }: FillFormProps): () => void {
  const [, navigate] = useLocation();
  return () => {
    openNextWith({ ...fromResource(TUNNEL_FORM, recorded, { accountId }), pskSource: 'later' });
    const state: RecreatedState = { recreated: name };
    navigate(newTunnelPath(accountId), { replace: true, state });
  };
}
