// What a person is shown each field of an IPsec tunnel as, in the words Cloudflare uses for them.

import type { IpsecTunnelField } from './request.ts';

/** In the order of the form. */
export const IPSEC_TUNNEL_LABELS = {
  name: 'Name',
  description: 'Description',
  cloudflare_endpoint: 'Cloudflare endpoint',
  customer_endpoint: 'Customer endpoint',
  interface_address: 'Interface address',
  interface_address6: 'IPv6 interface address',
  psk: 'Pre-shared key',
  replay_protection: 'Replay protection',
  'custom_remote_identities.fqdn_id': 'Custom IKE identity',
  'health_check.enabled': 'Run health checks',
  'health_check.rate': 'Health check rate',
  'health_check.type': 'Health check type',
  'health_check.direction': 'Health check direction',
  'health_check.target': 'Health check target',
  'bgp.customer_asn': 'Customer ASN',
  'bgp.md5_key': 'MD5 key',
  'bgp.extra_prefixes': 'Extra prefixes',
  'bgp.import_filter_id': 'Import filter profile',
  'bgp.export_filter_id': 'Export filter profile',
  automatic_return_routing: 'Automatic return routing',
} as const satisfies Readonly<Record<IpsecTunnelField, string>>;
