// The tunnel's two ends side by side: who has which address, outside and on the link between them.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { routerSide } from '../router-side.ts';

export function TwoEnds({ tunnel }: { readonly tunnel: IpsecTunnel }) {
  const { cloudflare_endpoint, customer_endpoint, interface_address, interface_address6, bgp } = tunnel;
  return (
    <section
      aria-label="The two ends"
      className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] sm:items-stretch"
    >
      <End title="Cloudflare">
        <Address label="Cloudflare endpoint" value={cloudflare_endpoint} />
        <Address label="Interface address, Cloudflare's side" value={interface_address} />
        <Address label="IPv6 interface address, Cloudflare's side" value={interface_address6} />
      </End>
      <span aria-hidden className="self-center text-center text-2xl text-kumo-subtle max-sm:rotate-90">
        ⇄
      </span>
      <End title="Your router">
        {customer_endpoint ? (
          <Address label="Customer endpoint" value={customer_endpoint} />
        ) : (
          <div>
            <dt className="text-kumo-subtle text-xs">Customer endpoint</dt>
            <dd className="min-h-7 text-kumo-subtle text-sm">none: any address</dd>
          </div>
        )}
        <Address label="Interface address, your router" value={routerSide(interface_address)} />
        <Address label="IPv6 interface address, your router" value={routerSide(interface_address6)} />
        <Address label="ASN" value={bgp?.customer_asn.toString()} />
      </End>
    </section>
  );
}

function End({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0 rounded-lg bg-kumo-base px-4 py-3 ring ring-kumo-line">
      <h2 className="pb-1 font-semibold">{title}</h2>
      <dl className="flex flex-col gap-1">{children}</dl>
    </div>
  );
}

function Address({ label, value }: { readonly label: string; readonly value: string | undefined }) {
  if (!value) return null;
  return (
    <div>
      <dt className="text-kumo-subtle text-xs">{label}</dt>
      <dd className="flex min-h-7 items-center gap-1">
        <span className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{value}</span>
        <CopyButton label={`Copy ${label}`} text={value} iconOnly />
      </dd>
    </div>
  );
}
