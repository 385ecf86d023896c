import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Time } from '../../ui/time.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';

export interface TunnelValuesProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

/** The tunnel's values in the order of the form, those that it has, each with a button that copies it. */
export function TunnelValues({ accountId, tunnel }: TunnelValuesProps) {
  return (
    <dl className="flex flex-col gap-3">
      <Value label="Tunnel ID" value={tunnel.id} />
      <Value label="Account ID" value={accountId} />
      <Value label="Created on" value={tunnel.created_on}>
        {tunnel.created_on && <Time at={tunnel.created_on} />}
      </Value>
      <Value label="Name" value={tunnel.name} />
      <Value label="Description" value={tunnel.description} />
      <Value label="Cloudflare endpoint" value={tunnel.cloudflare_endpoint} />
      <Value label="Customer endpoint" value={tunnel.customer_endpoint} />
      <Value label="Interface address, Cloudflare's side" value={tunnel.interface_address} />
      <Value label="Interface address, your router" value={routerSide(tunnel.interface_address)} />
      <Value label="IPv6 interface address, Cloudflare's side" value={tunnel.interface_address6} />
      <Value label="IPv6 interface address, your router" value={routerSide(tunnel.interface_address6)} />
      <Value label="Custom IKE identity" value={tunnel.custom_remote_identities?.fqdn_id} />
      <Value label="Customer ASN" value={tunnel.bgp?.customer_asn.toString()} />
    </dl>
  );
}

interface ValueProps {
  readonly label: string;
  /** What the button copies; a value that is absent or empty is not shown. */
  readonly value: string | undefined;
  /** What is shown in its place. */
  readonly children?: ReactNode;
}

function Value({ label, value, children }: ValueProps) {
  if (value === undefined || value === '') return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <dt className="text-kumo-subtle text-sm">{label}</dt>
      <dd className="flex min-w-0 items-center gap-2">
        <span className="font-mono text-sm [overflow-wrap:anywhere]">{children ?? <VisibleText text={value} />}</span>
        <CopyButton label={`Copy ${label}`} text={value} iconOnly />
      </dd>
    </div>
  );
}

/** The router's address on the tunnel's link, with the same prefix length. */
export function routerSide(interfaceAddress: string | undefined): string | undefined {
  const link = interfaceAddress === undefined ? undefined : parseCidr(interfaceAddress);
  const router = link && peerAddress(link);
  return link && router && `${formatIp(router)}/${link.prefixLength}`;
}
