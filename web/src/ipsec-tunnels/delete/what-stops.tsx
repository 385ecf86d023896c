// What stops working when the tunnel is deleted, as far as it is known.

import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { routesQuery, routesThrough, type StaticRoute } from '../api/list-routes.ts';

export interface WhatStopsProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

const MAX_NAMED = 5;

export function WhatStops({ accountId, tunnel }: WhatStopsProps) {
  const { data: routes } = useQuery(routesQuery(accountId));
  const through = routes ? routesThrough(routes, tunnel) : undefined;
  return (
    <div className="text-sm">
      <p className="font-medium">What stops at once:</p>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        <li>
          {tunnel.psk_metadata?.last_generated_on
            ? `Traffic between Cloudflare and ${tunnel.customer_endpoint || 'the router'}.`
            : 'No traffic: it has no pre-shared key.'}
        </li>
        {tunnel.bgp && <li>{bgpInWords(tunnel)}</li>}
        {through && through.length > 0 && <li>{routesInWords(through)}</li>}
      </ul>
      {through?.length === 0 && <p className="mt-1">No static route goes through it.</p>}
      <p className="mt-1">
        Its pre-shared key is lost: a tunnel that is created again needs a new one, and has a new ID.
      </p>
    </div>
  );
}

function bgpInWords({ bgp, bgp_status }: IpsecTunnel): string {
  const now = bgp_status?.state === 'BGP_UP' ? ', which is up now' : '';
  return `The BGP session with AS ${bgp?.customer_asn}${now}, and the routes it brings.`;
}

function routesInWords(routes: readonly StaticRoute[]): string {
  const named = routes.slice(0, MAX_NAMED).map(({ prefix }) => prefix);
  const more = routes.length - named.length;
  const count = routes.length === 1 ? '1 static route goes' : `${routes.length} static routes go`;
  return `${count} nowhere: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
