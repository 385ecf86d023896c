// The page of a tunnel that was just created: what it is, and what to do next.

import { Button } from '@cloudflare/kumo/components/button';
import { CheckCircleIcon } from '@phosphor-icons/react';
import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useRef, useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { z } from 'zod';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { clearDraft, duplicateFrom, saveDraft } from '../create/draft.ts';
import { tunnelFormSchema } from '../create/tunnel-form.ts';
import { IS_NEXT, NEW_PATH } from '../paths.ts';
import { type CreatedTunnel, forgetKey, heldKey } from './created-tunnel.ts';

const createdTunnelStateSchema: z.ZodType<CreatedTunnel> = z.object({
  accountId: z.string(),
  tunnel: ipsecTunnelSchema,
  hasKey: z.boolean(),
  values: tunnelFormSchema,
});

export function TunnelCreatedPage({ onAccountChange }: { readonly onAccountChange: (accountId: string) => void }) {
  const state = createdTunnelStateSchema.safeParse(useHistoryState());
  const accountId = state.data?.accountId;
  useEffect(() => {
    if (accountId !== undefined) onAccountChange(accountId);
  }, [accountId, onAccountChange]);
  return state.success ? <Created {...state.data} /> : <Redirect to={NEW_PATH} replace />;
}

function Created({ accountId, tunnel, hasKey, values }: CreatedTunnel) {
  const [, navigate] = useLocation();
  const title = useRef<HTMLHeadingElement>(null);
  const [key] = useState(() => heldKey(tunnel.id));

  useEffect(() => {
    title.current?.focus();
    return forgetKey;
  }, []);

  const createAnother = () => {
    saveDraft(duplicateFrom(values));
    navigate(NEW_PATH, { state: IS_NEXT });
  };
  const startAfresh = () => {
    clearDraft();
    navigate(NEW_PATH, { state: IS_NEXT });
  };

  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-5 pb-6">
      <div role="status" className="flex items-start gap-3">
        <CheckCircleIcon aria-hidden className="mt-1 size-6 shrink-0 text-kumo-success" weight="fill" />
        <div className="min-w-0">
          <h1 ref={title} tabIndex={-1} className="line-clamp-3 font-semibold text-2xl [overflow-wrap:anywhere]">
            {tunnel.name} was created
          </h1>
          <p className="text-kumo-subtle">It carries traffic once your router is set up.</p>
        </div>
      </div>
      <Card title="Tunnel">
        <Values accountId={accountId} tunnel={tunnel} />
      </Card>
      <Card title="What to do next">
        <NextSteps tunnel={tunnel} hasKey={hasKey} heldKey={key} />
      </Card>
      <div className="flex flex-wrap gap-3">
        <Button variant="primary" onClick={createAnother}>
          Create another like this
        </Button>
        <Button onClick={startAfresh}>Create a different one</Button>
      </div>
    </div>
  );
}

function Values({ accountId, tunnel }: Pick<CreatedTunnel, 'accountId' | 'tunnel'>) {
  return (
    <dl className="flex flex-col gap-3">
      {valuesOf(accountId, tunnel).map(([label, value]) => (
        <div key={label} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <dt className="text-kumo-subtle text-sm">{label}</dt>
          <dd className="flex min-w-0 items-center gap-2">
            <span className="font-mono text-sm [overflow-wrap:anywhere]">{value}</span>
            <CopyButton label={`Copy ${label}`} text={value} iconOnly />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The tunnel's values in the order of the form, those that it has. */
function valuesOf(accountId: string, tunnel: IpsecTunnel): (readonly [label: string, value: string])[] {
  const values: (readonly [string, string | undefined])[] = [
    ['Tunnel ID', tunnel.id],
    ['Account ID', accountId],
    ['Created on', tunnel.created_on],
    ['Name', tunnel.name],
    ['Description', tunnel.description],
    ['Cloudflare endpoint', tunnel.cloudflare_endpoint],
    ['Customer endpoint', tunnel.customer_endpoint],
    ["Interface address, Cloudflare's side", tunnel.interface_address],
    ['Interface address, your router', routerSide(tunnel.interface_address)],
    ["IPv6 interface address, Cloudflare's side", tunnel.interface_address6],
    ['IPv6 interface address, your router', routerSide(tunnel.interface_address6)],
    ['Custom IKE identity', tunnel.custom_remote_identities?.fqdn_id],
    ['Customer ASN', tunnel.bgp?.customer_asn.toString()],
  ];
  return values.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [[label, value] as const]));
}

/** The other address of the tunnel's link, with the same prefix length. */
function routerSide(interfaceAddress: string | undefined): string | undefined {
  const link = interfaceAddress === undefined ? undefined : parseCidr(interfaceAddress);
  const router = link && peerAddress(link);
  return link && router && `${formatIp(router)}/${link.prefixLength}`;
}

interface NextStepsProps {
  readonly tunnel: IpsecTunnel;
  readonly hasKey: boolean;
  readonly heldKey: string | undefined;
}

function NextSteps({ tunnel, hasKey, heldKey: key }: NextStepsProps) {
  return (
    <ol className="flex list-decimal flex-col gap-3 pl-5">
      <li>
        {hasKey
          ? 'Put the pre-shared key on your router.'
          : 'Set a pre-shared key: without one the tunnel carries no traffic.'}{' '}
        {!hasKey && "Generate it in Cloudflare's dashboard, under the tunnel's settings."}
        {hasKey &&
          key === undefined &&
          "It is not kept here: without a copy of yours, generate a new one in Cloudflare's dashboard."}
        {key !== undefined && (
          <div className="mt-1.5 flex flex-wrap items-center gap-2">
            <CopyButton label="Copy pre-shared key" text={key} />
            <span className="text-kumo-subtle text-sm">
              Gone when you leave this page; Cloudflare never shows it again.
            </span>
          </div>
        )}
      </li>
      <li>
        Set up your router: IKEv2 to <span className="font-mono">{tunnel.cloudflare_endpoint}</span>, tunnel interface{' '}
        <span className="font-mono">{routerSide(tunnel.interface_address)}</span>.
      </li>
      <li>
        {tunnel.bgp
          ? 'Start BGP on the tunnel interface, and check that the session is established.'
          : 'Add routes for your prefixes through the tunnel, in Cloudflare and on your router.'}
      </li>
    </ol>
  );
}
