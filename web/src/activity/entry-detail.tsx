// An entry in full: which values it was about, how it ended, and what one may do about it.

import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import { explainError } from '@tunnel-desk/shared/api/errors';
import type { Account } from '@tunnel-desk/shared/api/session';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { newTunnelPath } from '../app/paths.ts';
import { activityPath, readFilter } from '../audit/filter.ts';
import { outcomeOf } from '../audit/words.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Time } from '../ui/time.tsx';
import { VisibleText } from '../ui/visible-text.tsx';
import { RecordedValues } from './recorded-values.tsx';

export interface EntryDetailProps {
  readonly entry: AuditEntry;
  /** Its account, if this desk still serves it to the person. */
  readonly account: Account | undefined;
  /** Where its tunnel is, if it may still exist. */
  readonly tunnelHref: string | undefined;
}

export function EntryDetail({ entry, account, tunnelHref }: EntryDetailProps) {
  const canBeMadeAgain = entry.outcome?.result === 'deleted' && entry.before !== undefined && account !== undefined;
  return (
    <div className="flex flex-col gap-4 py-3 lg:grid lg:grid-cols-[minmax(0,1fr)_28rem] lg:gap-8 lg:pl-6">
      <div className="flex min-w-0 flex-col gap-3">
        <RecordedValues entry={entry} />
        <div className="flex flex-wrap items-center gap-3">
          {canBeMadeAgain && (
            <Link
              href={`${newTunnelPath(entry.accountId)}?recreate=${entry.id}`}
              className="py-1 font-medium underline"
            >
              Recreate it…
            </Link>
          )}
          {tunnelHref && (
            <Link href={tunnelHref} className="py-1 underline">
              Open the tunnel
            </Link>
          )}
          <CopyButton
            label="Copy link to this entry"
            text={window.location.origin + activityPath(readFilter(''), entry.id)}
          />
        </div>
      </div>
      <OutcomeDetail entry={entry} />
    </div>
  );
}

function OutcomeDetail({ entry }: { readonly entry: AuditEntry }) {
  const { outcome, person, requestId, accountId, resource } = entry;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="font-semibold">Outcome</h3>
      <p>{outcomeOf(entry).meaning}</p>
      {outcome?.reconciled && <p>No response told so: it was found by looking at what exists.</p>}
      <CodesExplained entry={entry} />
      <dl className="flex flex-col gap-1.5">
        <Fact label="Known since">{outcome && <Time at={outcome.at} />}</Fact>
        <Fact label="Took">{outcome?.durationMs !== undefined && formatDuration(outcome.durationMs)}</Fact>
        <Fact label="HTTP status">{outcome?.status}</Fact>
        <Fact label="Codes">{outcome && outcome.codes.length > 0 && outcome.codes.join(', ')}</Fact>
        <Fact label="Cloudflare ray" copied={outcome?.cfRay} />
        <Fact label="Request ID" copied={requestId} />
        <Fact label="Tunnel ID" copied={resource.id} />
        <Fact label="Account ID" copied={accountId} />
        <Fact label="Person" copied={person} />
        <Fact label="Entry">{entry.id}</Fact>
      </dl>
    </div>
  );
}

interface FactProps {
  readonly label: string;
  /** Shown, with a button that copies it. */
  readonly copied?: string | undefined;
  readonly children?: ReactNode;
}

/** Nothing where there is nothing to say. */
function Fact({ label, copied, children }: FactProps) {
  const shown = copied === undefined ? children : <VisibleText text={copied} />;
  if (shown === undefined || shown === null || shown === false) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      <dt className="w-28 shrink-0 text-kumo-subtle">{label}</dt>
      <dd className="flex min-w-0 items-center gap-2">
        <span className={`[overflow-wrap:anywhere] ${copied === undefined ? '' : 'font-mono'}`}>{shown}</span>
        {copied !== undefined && <CopyButton label={`Copy ${label}`} text={copied} iconOnly />}
      </dd>
    </div>
  );
}

/** What the first code means, where the desk has words for it. */
function CodesExplained({ entry: { action, outcome } }: { readonly entry: AuditEntry }) {
  const code = outcome?.codes[0];
  if (outcome?.status === undefined || outcome.status < 400 || code === undefined) return null;
  const { title } = explainError({ status: outcome.status, code }, { action: changeOf(action), effect: 'none' });
  return <p>{title}</p>;
}

const CHANGE_ACTIONS = ['create', 'update', 'delete', 'generate-psk'] as const satisfies readonly ChangeAction[];

/** The change that was made or validated. */
function changeOf(action: AuditEntry['action']): ChangeAction {
  return CHANGE_ACTIONS.find((change) => change === action || CHANGES[change].validation === action) ?? 'create';
}

function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
