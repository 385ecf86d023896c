// Tunnels of one router, as somebody created them, and what Cloudflare knows of each.

import { ACCOUNT } from '../support/desk.ts';
import type { EdgeBgp, EdgeTunnel } from './edge.ts';
import { CUSTOMER_ENDPOINT, ENDPOINTS } from './lab.ts';

export const ID = '0123456789abcdef0123456789abcde1';
export const PSK = 'O3bwKSjnaoCxDoUxjcq4Rk8ZKkezQUiy';
const MD5_KEY = 'S3cr3t!key';
const CUSTOMER_ASN = 65_010;

export const LINK = { cloudflareAddress: '10.0.0.0', routerAddress: '10.0.0.1' } as const;

/** What the person typed, without the key. */
export const TUNNEL = {
  name: 'branch-1a',
  cloudflare_endpoint: ENDPOINTS[0],
  customer_endpoint: CUSTOMER_ENDPOINT,
  interface_address: '10.0.0.0/31',
  health_check: { enabled: true, rate: 'mid', type: 'request', direction: 'bidirectional' },
  bgp: { customer_asn: CUSTOMER_ASN, md5_key: MD5_KEY },
} as const;

/** The other of a pair, which has an identity that the customer chose. */
export const SECOND = {
  ...TUNNEL,
  name: 'branch-1b',
  cloudflare_endpoint: ENDPOINTS[1],
  interface_address: '10.0.0.2/31',
  custom_remote_identities: { fqdn_id: customIdentityOf('branch-1') },
} as const;
export const SECOND_PSK = 'hbGnJzFMqwltb-BapXCO3cGZz2NMg_01';
export const SECOND_LINK = { cloudflareAddress: '10.0.0.2', routerAddress: '10.0.0.3' } as const;

export const EDGE_TUNNEL: EdgeTunnel = { identity: identityOf(ID), endpoint: ENDPOINTS[0], psk: PSK };

export const EDGE_BGP: EdgeBgp = { ...LINK, customerAsn: CUSTOMER_ASN, md5Key: MD5_KEY };

/** What a router identifies itself by: Cloudflare's reference "GRE and IPsec tunnels". */
export function identityOf(tunnelId: string): string {
  return `${tunnelId}.${ACCOUNT.id}.ipsec.cloudflare.com`;
}

/** One that the customer chose, of the form that Cloudflare gives them. */
export function customIdentityOf(label: string): string {
  return `${label}.${ACCOUNT.id}.custom.ipsec.cloudflare.com`;
}
