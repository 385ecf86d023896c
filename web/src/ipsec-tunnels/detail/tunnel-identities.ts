// What a router can identify itself by in IKE.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

export interface Identity {
  readonly label: string;
  readonly value: string;
}

/** As the tunnel tells them, else as Cloudflare makes them of both IDs; the hexadecimal one only where it is told. */
export function identitiesOf(accountId: string, { id, remote_identities, custom_remote_identities }: IpsecTunnel) {
  const fqdn = `${id}.${accountId}.ipsec.cloudflare.com`;
  const identities: (Identity | undefined)[] = [
    { label: 'FQDN identity', value: remote_identities?.fqdn_id || fqdn },
    { label: 'User FQDN identity', value: remote_identities?.user_id || `ipsec@${fqdn}` },
    named('Hexadecimal identity', remote_identities?.hex_id),
    named('Custom IKE identity', custom_remote_identities?.fqdn_id),
  ];
  return identities.filter((identity) => identity !== undefined);
}

function named(label: string, value: string | undefined): Identity | undefined {
  return value ? { label, value } : undefined;
}
