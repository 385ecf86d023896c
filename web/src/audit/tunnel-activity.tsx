// What was last done to one tunnel, for a page about it.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { Link } from 'wouter';
import { Time } from '../ui/time.tsx';
import { VisibleText } from '../ui/visible-text.tsx';
import { newestEntriesQuery } from './audit-queries.ts';
import { type AuditFilter, activityPath, readFilter } from './filter.ts';
import { FoundByLooking, OutcomeBadge } from './outcome-badge.tsx';
import { ReadFailure } from './read-failure.tsx';
import { whatWasDone } from './words.ts';

const SHOWN = 10;

export interface TunnelActivityProps {
  readonly accountId: string;
  readonly tunnelId: string;
  /** Under which entries of an earlier tunnel may be found. */
  readonly tunnelName: string;
}

/** The newest entries about a tunnel, with links to each in full and to all of them. */
export function TunnelActivity({ accountId, tunnelId, tunnelName }: TunnelActivityProps) {
  const account = { ...readFilter(''), account: accountId };
  const filter: AuditFilter = { ...account, tunnel_id: tunnelId };
  const { data: entries, error, isFetching, refetch } = useQuery(newestEntriesQuery(filter, SHOWN));
  if (entries === undefined && error !== null) {
    return <ReadFailure error={error} isFetching={isFetching} onRetry={() => refetch()} />;
  }
  if (entries === undefined) return <p role="status">Loading…</p>;
  if (entries.length === 0) {
    return (
      <div className="flex flex-col items-start gap-2">
        <p>No activity yet: nothing was done to this tunnel from this desk.</p>
        <Link href={activityPath({ ...account, tunnel: tunnelName })} className="py-1 underline">
          Activity of tunnels called <VisibleText text={tunnelName} />
        </Link>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <ol className="flex w-full flex-col divide-y divide-kumo-line">
        {entries.map((entry) => (
          <li key={entry.id}>
            <EntrySummary entry={entry} href={activityPath(filter, entry.id)} />
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-3">
        <Link href={activityPath(filter)} className="py-1 underline">
          All activity of this tunnel
        </Link>
        <Button size="sm" loading={isFetching} onClick={() => refetch()}>
          Refresh
        </Button>
      </div>
    </div>
  );
}

function EntrySummary({ entry, href }: { readonly entry: AuditEntry; readonly href: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
      <Link href={href} className="py-0.5 underline tabular-nums">
        <Time at={entry.at} />
      </Link>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-medium">
          <VisibleText text={entry.personName} />
        </span>{' '}
        {whatWasDone(entry)} it
      </span>
      <span className="ml-auto flex items-center gap-2">
        <FoundByLooking entry={entry} />
        <OutcomeBadge entry={entry} />
      </span>
    </div>
  );
}
