// What stands in the place of the list while there is none to show.

import { Button } from '@cloudflare/kumo/components/button';
import { signInPath } from '@tunnel-desk/shared/api/paths';
import { Link } from 'wouter';
import { importTunnelsPath, newTunnelPath } from '../../app/paths.ts';
import { leaveFor } from '../../forms/leave-guard.ts';
import { formatClock } from '../../ui/format-time.ts';
import { explainListFailure } from '../api/list-failure.ts';

const BOX = 'flex flex-col items-start gap-3 rounded-lg bg-kumo-base p-6 ring ring-kumo-line';

export function LoadingList() {
  return (
    <p role="status" className={BOX}>
      Loading the tunnels…
    </p>
  );
}

export function NoTunnels({ accountId }: { readonly accountId: string }) {
  return (
    <div className={BOX}>
      <h2 className="font-semibold text-lg">This account has no IPsec tunnels yet</h2>
      <p className="max-w-prose text-kumo-strong">
        An IPsec tunnel connects a site of yours, a branch, a data centre or a cloud, to Cloudflare's network: your
        router keeps an encrypted link to it, and traffic between your sites and the Internet goes through there.
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <CreateLink accountId={accountId}>Create your first tunnel</CreateLink>
        <ImportLink accountId={accountId} />
      </div>
    </div>
  );
}

export interface CreateLinkProps {
  readonly accountId: string;
  readonly children: string;
}

/** A link in the looks of a button: it leads to a page. */
export function CreateLink({ accountId, children }: CreateLinkProps) {
  return (
    <Link
      href={newTunnelPath(accountId)}
      className="inline-flex h-9 items-center rounded-lg bg-kumo-brand px-3 font-medium text-base text-white hover:bg-kumo-brand-hover"
    >
      {children}
    </Link>
  );
}

/** Leads to the page that makes tunnels of a file. */
export function ImportLink({ accountId }: Pick<CreateLinkProps, 'accountId'>) {
  return (
    <Link
      href={importTunnelsPath(accountId)}
      className="inline-flex h-9 items-center rounded-lg bg-kumo-control px-3 font-medium text-base ring ring-control-edge hover:bg-kumo-tint"
    >
      Import
    </Link>
  );
}

export function NothingMatches({ onClear }: { readonly onClear: () => void }) {
  return (
    <div className={BOX}>
      <p>No tunnel matches the search and the filters.</p>
      <Button onClick={onClear}>Clear filters</Button>
    </div>
  );
}

export interface NotKnownYetProps {
  /** What the tunnels are filtered by. */
  readonly by: 'state' | 'elsewhere';
  /** Whether it is being read. */
  readonly isPending: boolean;
  readonly onClear: () => void;
}

/** In the place of the tunnels that are filtered by what was read apart from them, while nobody knows which those are. */
export function NotKnownYet({ by, isPending, onClear }: NotKnownYetProps) {
  return (
    <div className={BOX}>
      <p role="status">{isPending ? NOT_KNOWN[by].reading : NOT_KNOWN[by].failed}</p>
      <Button onClick={onClear}>Clear filters</Button>
    </div>
  );
}

const NOT_KNOWN = {
  state: { reading: 'Reading the health of the tunnels…', failed: 'Which tunnels are in this state is not known.' },
  elsewhere: {
    reading: 'Reading what was changed elsewhere…',
    failed: 'Which tunnels were changed elsewhere is not known.',
  },
} as const;

export interface ListFailedProps {
  readonly error: unknown;
  readonly isRetrying: boolean;
  readonly onRetry: () => void;
}

/** There is no list at all. */
export function ListFailed({ error, isRetrying, onRetry }: ListFailedProps) {
  const { title, whatNow, needsSignIn } = explainListFailure(error);
  return (
    <div role="alert" className={BOX}>
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="max-w-prose [overflow-wrap:anywhere]">{whatNow}</p>
      {needsSignIn ? (
        <SignInAgain />
      ) : (
        <Button loading={isRetrying} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export interface RefreshFailedProps {
  readonly error: unknown;
  /** When it was tried, and when the list that is shown came, in milliseconds since the epoch. */
  readonly failedAt: number;
  readonly shownSince: number;
}

/** The list that is shown is an old one. */
export function RefreshFailed({ error, failedAt, shownSince }: RefreshFailedProps) {
  const { title, whatNow, needsSignIn } = explainListFailure(error);
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg bg-kumo-warning-tint px-4 py-2 text-sm">
      <p className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-medium">
          This list is as of {formatClock(new Date(shownSince))}: it could not be refreshed at{' '}
          {formatClock(new Date(failedAt))}.
        </span>{' '}
        {title} {needsSignIn ? '' : whatNow}
      </p>
      {needsSignIn && <SignInAgain />}
    </div>
  );
}

function SignInAgain() {
  return (
    <Button onClick={() => leaveFor(signInPath(window.location.pathname + window.location.search))}>
      Sign in again
    </Button>
  );
}
