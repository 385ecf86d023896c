// What a router can identify itself by in IKE.

import type { IpsecTunnel } from './tunnel.ts';

export interface Identity {
  readonly kind: 'fqdn' | 'user_fqdn' | 'hex' | 'custom';
  readonly label: string;
  readonly value: string;
}

/** As the tunnel tells them, else as Cloudflare makes them of both IDs; the hexadecimal one only where it is told. */
export function identitiesOf(accountId: string, { id, remote_identities, custom_remote_identities }: IpsecTunnel) {
  const fqdn = `${id}.${accountId}.ipsec.cloudflare.com`;
  const identities: (Identity | undefined)[] = [
    { kind: 'fqdn', label: 'FQDN identity', value: remote_identities?.fqdn_id || fqdn },
    { kind: 'user_fqdn', label: 'User FQDN identity', value: remote_identities?.user_id || `ipsec@${fqdn}` },
    named('hex', 'Hexadecimal identity', remote_identities?.hex_id),
    named('custom', 'Custom IKE identity', custom_remote_identities?.fqdn_id),
  ];
  return identities.filter((identity) => identity !== undefined);
}

function named(kind: Identity['kind'], label: string, value: string | undefined): Identity | undefined {
  return value ? { kind, label, value } : undefined;
}
