// The columns of the list: what each is called, says, and is sorted by. Their cells are in cells.tsx.

import { parseIp } from '@tunnel-desk/shared/ip/address';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { SortKey, TunnelRow } from './tunnel-row.ts';

export interface ListColumn {
  readonly label: string;
  /** Its least width in pixels; what is left of the window is shared out in proportion. */
  readonly width: number;
  /** Whether the list opens with it. */
  readonly byDefault: boolean;
  readonly sortKey: (row: TunnelRow) => SortKey;
}

export const COLUMN_IDS = [
  'name',
  'state',
  'key',
  'cloudflare_endpoint',
  'customer_endpoint',
  'interface_address',
  'router_address',
  'bgp',
  'health_check',
  'replay_protection',
  'custom_identity',
  'description',
  'created_on',
  'modified_on',
  'id',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const COLUMNS: Readonly<Record<ColumnId, ListColumn>> = {
  name: { label: 'Name', width: 200, byDefault: true, sortKey: ({ tunnel }) => naturalKey(tunnel.name) },
  // Measured apart from the tunnel, and again every minute: the sort asks for it by itself.
  state: { label: 'State', width: 235, byDefault: true, sortKey: () => undefined },
  // Those without a key come first: they are what one sorts for.
  key: { label: 'Key', width: 96, byDefault: true, sortKey: ({ tunnel }) => (hasKey(tunnel) ? 1 : 0) },
  cloudflare_endpoint: {
    label: 'Cloudflare endpoint',
    width: 150,
    byDefault: true,
    sortKey: ({ tunnel }) => addressKey(tunnel.cloudflare_endpoint),
  },
  customer_endpoint: {
    label: 'Customer endpoint',
    width: 150,
    byDefault: true,
    sortKey: ({ tunnel }) => addressKey(tunnel.customer_endpoint),
  },
  interface_address: {
    label: 'Interface address',
    width: 150,
    byDefault: true,
    sortKey: ({ tunnel }) => addressKey(tunnel.interface_address),
  },
  router_address: {
    label: "Router's side",
    width: 150,
    byDefault: false,
    sortKey: ({ routerAddress }) => addressKey(routerAddress),
  },
  bgp: { label: 'BGP', width: 170, byDefault: true, sortKey: ({ tunnel }) => tunnel.bgp?.customer_asn },
  health_check: {
    label: 'Health check',
    width: 170,
    byDefault: false,
    sortKey: ({ tunnel }) => (isHealthCheckOff(tunnel) ? 'off' : healthCheckText(tunnel)),
  },
  replay_protection: {
    label: 'Replay protection',
    width: 140,
    byDefault: false,
    sortKey: ({ tunnel }) => (tunnel.replay_protection ? 1 : 0),
  },
  custom_identity: {
    label: 'Custom IKE identity',
    width: 260,
    byDefault: false,
    sortKey: ({ tunnel }) => textKey(tunnel.custom_remote_identities?.fqdn_id),
  },
  description: {
    label: 'Description',
    width: 240,
    byDefault: false,
    sortKey: ({ tunnel }) => textKey(tunnel.description),
  },
  created_on: { label: 'Created', width: 180, byDefault: false, sortKey: ({ tunnel }) => timeKey(tunnel.created_on) },
  modified_on: {
    label: 'Modified',
    width: 180,
    byDefault: false,
    sortKey: ({ tunnel }) => timeKey(tunnel.modified_on),
  },
  id: { label: 'ID', width: 300, byDefault: false, sortKey: ({ id }) => id },
};

/** The name is how one gets to a tunnel: it is always there. */
export const ALWAYS_SHOWN: ColumnId = 'name';

export const DEFAULT_COLUMNS: readonly ColumnId[] = COLUMN_IDS.filter((id) => COLUMNS[id].byDefault);

export function isColumnId(text: string): text is ColumnId {
  return COLUMN_IDS.some((id) => id === text);
}

/** Whether the tunnel has a pre-shared key; without one it carries no traffic (Cloudflare's guide). */
export function hasKey({ psk_metadata }: IpsecTunnel): boolean {
  return psk_metadata?.last_generated_on !== undefined;
}

export function isHealthCheckOff({ health_check }: IpsecTunnel): boolean {
  return health_check?.enabled === false;
}

/** The health check in a few words: "mid, reply, bidirectional". */
export function healthCheckText({ health_check }: IpsecTunnel): string {
  if (health_check?.enabled === false) return 'Off';
  const words = [health_check?.rate, health_check?.type, health_check?.direction].filter((word) => word !== undefined);
  return words.length === 0 ? 'On' : words.join(', ');
}

/**
 * The state of the tunnel's BGP session in one word, as Cloudflare has it: "up", "down", "establishing"; `undefined` where it
 * has told none.
 */
export function bgpState({ bgp, bgp_status }: IpsecTunnel): string | undefined {
  return bgp === undefined ? undefined : bgp_status?.state.toLowerCase().replace(/^bgp_/, '');
}

/** Has "branch-2" come before "branch-10": runs of digits count as numbers. */
function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}

const DIGITS = 12;

function textKey(text: string | undefined): SortKey {
  return text ? text.toLowerCase() : undefined;
}

/** Addresses in the order of their numbers, IPv4 first; what is none comes after them. */
function addressKey(text: string | undefined): SortKey {
  if (text === undefined || text === '') return undefined;
  const slash = text.indexOf('/');
  const address = parseIp(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return `9${text}`;
  return `${address.version}${address.value.toString(16).padStart(32, '0')}`;
}

/** A moment of RFC 3339 in UTC, whose fraction of a second may have any number of digits. */
function timeKey(text: string | undefined): SortKey {
  return text?.replace(/Z$/i, '');
}
