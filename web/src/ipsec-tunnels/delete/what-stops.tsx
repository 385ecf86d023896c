// What stops working when the tunnel is deleted, as far as it is known.

import { useQuery } from '@tanstack/react-query';
import { routesOnLink } from '@tunnel-desk/shared/ipsec-tunnels/static-routes';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { routesQuery } from '../api/list-routes.ts';
import { MistakenRoutes } from '../routes/mistaken-routes.tsx';
import { routesThatEnd } from '../routes/route-words.ts';
import { RoutesUnread } from '../routes/routes-unread.tsx';

export interface WhatStopsProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

export function WhatStops({ accountId, tunnel }: WhatStopsProps) {
  const { data: routes } = useQuery(routesQuery(accountId));
  const { through, mistaken } = routesOnLink(routes ?? [], tunnel);
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p className="font-medium">What stops at once:</p>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        <li>
          {tunnel.psk_metadata?.last_generated_on
            ? `Traffic between Cloudflare and ${tunnel.customer_endpoint || 'the router'}.`
            : 'No traffic: it has no pre-shared key.'}
        </li>
        {tunnel.bgp && <li>{bgpInWords(tunnel)}</li>}
        {through.length > 0 && <li>{routesThatEnd(through)}</li>}
      </ul>
      <RoutesUnread accountId={accountId} unknown="which of them go through it" />
      {routes && through.length === 0 && <p>No static route goes through it.</p>}
      <MistakenRoutes mistaken={mistaken} />
      <p>Its pre-shared key is lost: a tunnel that is created again needs a new one, and has a new ID.</p>
    </div>
  );
}

function bgpInWords({ bgp, bgp_status }: IpsecTunnel): string {
  const now = bgp_status?.state === 'BGP_UP' ? ', which is up now' : '';
  return `The BGP session with AS ${bgp?.customer_asn}${now}, and the routes it brings.`;
}
