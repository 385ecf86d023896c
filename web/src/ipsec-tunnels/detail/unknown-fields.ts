// What a tunnel has that this page has no place for: Cloudflare adds fields over time.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

/** The fields that the page shows; of a group, those in it. */
const SHOWN: Readonly<Record<string, true | readonly string[]>> = {
  id: true,
  name: true,
  cloudflare_endpoint: true,
  interface_address: true,
  description: true,
  customer_endpoint: true,
  interface_address6: true,
  created_on: true,
  modified_on: true,
  custom_remote_identities: ['fqdn_id'],
  remote_identities: ['hex_id', 'fqdn_id', 'user_id'],
  psk_metadata: ['last_generated_on'],
  replay_protection: true,
  automatic_return_routing: true,
  allow_null_cipher: true,
  health_check: ['enabled', 'rate', 'type', 'direction', 'target'],
  bgp: ['customer_asn', 'md5_key', 'extra_prefixes', 'import_filter_id', 'export_filter_id'],
  bgp_status: [
    'state',
    'tcp_established',
    'updated_at',
    'bgp_state',
    'cf_speaker_ip',
    'cf_speaker_port',
    'customer_speaker_ip',
    'customer_speaker_port',
  ],
};

/** The rest of the tunnel, as it came; `undefined` where there is none. */
export function unknownFields(tunnel: IpsecTunnel): Record<string, unknown> | undefined {
  const unknown = Object.entries(tunnel).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    const shown = SHOWN[name];
    if (shown === true) return [];
    if (shown === undefined || typeof value !== 'object' || value === null) return [[name, value]];
    const rest = Object.entries(value).filter(([member, held]) => held !== undefined && !shown.includes(member));
    return rest.length === 0 ? [] : [[name, Object.fromEntries(rest)]];
  });
  return unknown.length === 0 ? undefined : Object.fromEntries(unknown);
}
