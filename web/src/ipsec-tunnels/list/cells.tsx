// What the cells of the list hold.

import { WarningIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { tunnelPath } from '../../app/paths.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { DriftBadge } from '../drift/drift-badge.tsx';
import type { ListedDrift } from '../drift/drift-by-id.ts';
import type { ShownHealth } from '../health/health-by-name.ts';
import { BriefState } from '../health/state-mark.tsx';
import { bgpState, type ColumnId, hasKey, healthCheckText, isHealthCheckOff } from './columns.ts';
import type { TunnelRow } from './tunnel-row.ts';

interface CellProps {
  readonly row: TunnelRow;
}

/** The cells of all columns but two: the name's depends on the account too, and the state's on what was measured. */
export const CELLS: Readonly<Record<Exclude<ColumnId, 'name' | 'state'>, (props: CellProps) => ReactNode>> = {
  key: ({ row }) => <KeyState row={row} />,
  cloudflare_endpoint: ({ row }) => mono(row.tunnel.cloudflare_endpoint),
  customer_endpoint: ({ row }) => mono(row.tunnel.customer_endpoint),
  interface_address: ({ row }) => mono(row.tunnel.interface_address),
  router_address: ({ row }) => mono(row.routerAddress),
  bgp: ({ row }) => <BgpState row={row} />,
  health_check: ({ row }) => (
    <span className={isHealthCheckOff(row.tunnel) ? 'font-medium' : ''}>{healthCheckText(row.tunnel)}</span>
  ),
  replay_protection: ({ row }) => (row.tunnel.replay_protection ? 'On' : 'Off'),
  custom_identity: ({ row }) => mono(row.tunnel.custom_remote_identities?.fqdn_id),
  description: ({ row }) => (row.tunnel.description ? <VisibleText text={row.tunnel.description} /> : NONE),
  created_on: ({ row }) => <ShortTime at={row.tunnel.created_on} />,
  modified_on: ({ row }) => <ShortTime at={row.tunnel.modified_on} />,
  id: ({ row }) => mono(row.id),
};

export interface NameLinkProps extends CellProps {
  readonly accountId: string;
}

export function NameLink({ accountId, row: { tunnel } }: NameLinkProps) {
  return (
    <Link href={tunnelPath(accountId, tunnel.id)} title={tunnel.name} className="py-1 font-medium hover:underline">
      <VisibleText text={tunnel.name} />
    </Link>
  );
}

export interface NameProps extends NameLinkProps {
  /** Absent where nothing was done to it elsewhere. */
  readonly drift: ListedDrift | undefined;
}

/** The name, which gives way to what was done elsewhere. */
export function Name({ drift, ...props }: NameProps) {
  if (drift === undefined) return <NameLink {...props} />;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-16 truncate">
        <NameLink {...props} />
      </span>
      <DriftBadge drift={drift} />
    </span>
  );
}

export function State({ health }: { readonly health: ShownHealth | undefined }) {
  return health === undefined ? NONE : <BriefState health={health} />;
}

/** Amber, because a tunnel without a key carries no traffic. */
export function KeyState({ row: { tunnel } }: CellProps) {
  if (hasKey(tunnel)) return 'Set';
  return (
    <span className="inline-flex items-center gap-1 align-bottom text-kumo-warning">
      <WarningIcon aria-hidden className="size-4 shrink-0" />
      Missing
    </span>
  );
}

export function BgpState({ row: { tunnel } }: CellProps) {
  if (tunnel.bgp === undefined) return <span className="text-kumo-strong">Off</span>;
  const state = bgpState(tunnel);
  return (
    <>
      <span className="font-mono">{tunnel.bgp.customer_asn}</span>
      {state && (
        <span className={state === 'down' ? 'text-kumo-danger' : 'text-kumo-strong'}>
          {' '}
          <VisibleText text={state} />
        </span>
      )}
    </>
  );
}

/** Date and time without its zone, which is the person's own; the exact time shows where one points at it. */
function ShortTime({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return NONE;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  return (
    <time dateTime={at} title={at} className="tabular-nums">
      {SHORT_TIME.format(time)}
    </time>
  );
}

const SHORT_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const NONE = (
  <span className="text-kumo-strong">
    <span aria-hidden>–</span>
    <span className="sr-only">None</span>
  </span>
);

function mono(text: string | undefined): ReactNode {
  return text ? (
    <span className="font-mono" title={text}>
      <VisibleText text={text} />
    </span>
  ) : (
    NONE
  );
}
