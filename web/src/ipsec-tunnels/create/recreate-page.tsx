// Opens the form filled with what the audit log recorded of a tunnel, without a key, which it never records.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { useEffect, useEffectEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { newTunnelPath } from '../../app/paths.ts';
import { auditEntryQuery } from '../../audit/audit-queries.ts';
import { isFilled } from '../../forms/draft.ts';
import { fromResource } from '../../forms/fields.ts';
import { PageNotice } from '../detail/page-notice.tsx';
import { tunnelDraft } from '../form/duplicate.ts';
import { TUNNEL_FORM } from '../form/fields.ts';
import { openNextWith, type RecreatedState } from './next-form.ts';

export interface RecreatePageProps {
  readonly accountId: string;
  /** The audit entry in which the tunnel is recorded. */
  readonly entryId: number;
}

export function RecreatePage({ accountId, entryId }: RecreatePageProps) {
  const { data: entry, isPending, isError, isFetching, refetch } = useQuery(auditEntryQuery(entryId));
  const recorded = entry?.accountId === accountId ? recordedTunnel(entry) : undefined;
  const draft = tunnelDraft.load();
  const hasDraft = draft !== undefined && isFilled(TUNNEL_FORM.fields, draft);
  if (isPending) {
    return (
      <p role="status" className="text-kumo-subtle">
        Reading what the tunnel was…
      </p>
    );
  }
  if (isError) {
    return (
      <PageNotice title="The audit log can't be read">
        <p>Nothing was created.</p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Read it again
        </Button>
      </PageNotice>
    );
  }
  if (entry === null || recorded === undefined) {
    return (
      <PageNotice title="There is nothing to recreate">
        <p>The audit log of this account has no such record, or none that you may read.</p>
        <Link href={newTunnelPath(accountId)} className="py-1 underline">
          Create a tunnel
        </Link>
      </PageNotice>
    );
  }
  const opening = { accountId, recorded, name: entry.resource.name };
  return hasDraft ? <AskFirst {...opening} draftName={draft.name} /> : <OpenForm {...opening} />;
}

interface Opening {
  readonly accountId: string;
  readonly recorded: object;
  readonly name: string;
}

function OpenForm(opening: Opening) {
  const open = useEffectEvent(useOpenForm(opening));
  useEffect(() => open(), []);
  return null;
}

/** Nobody's unfinished form is overwritten unasked. */
function AskFirst({ draftName, ...opening }: Opening & { readonly draftName: string }) {
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

function useOpenForm({ accountId, recorded, name }: Opening): () => void {
  const [, navigate] = useLocation();
  return () => {
    openNextWith({ ...fromResource(TUNNEL_FORM, recorded, { accountId }), pskSource: 'later' });
    const state: RecreatedState = { recreated: name };
    navigate(newTunnelPath(accountId), { replace: true, state });
  };
}

/** The tunnel as the entry knows it last: as it was before its deletion, or as it was to become. */
function recordedTunnel({ action, request, before }: AuditEntry): object | undefined {
  return action === 'create' || action === 'update' ? request : before;
}
