// The static routes that a change of the tunnel's interface addresses leaves without a next hop.

import { useQuery } from '@tanstack/react-query';
import { type LinkAddresses, routesLeftBehind } from '@tunnel-desk/shared/ipsec-tunnels/static-routes';
import { routesQuery } from '../api/list-routes.ts';
import { routerSide } from '../router-side.ts';
import { routesThatEnd } from '../routes/route-words.ts';
import { RoutesUnread } from '../routes/routes-unread.tsx';
import { Interruptions } from './change-list.tsx';

export interface RoutesLeftBehindProps {
  readonly accountId: string;
  readonly before: LinkAddresses;
  readonly after: LinkAddresses;
}

export function RoutesLeftBehind({ accountId, before, after }: RoutesLeftBehindProps) {
  const { data: routes } = useQuery(routesQuery(accountId));
  const left = routesLeftBehind(routes ?? [], before, after);
  return (
    <>
      <RoutesUnread accountId={accountId} unknown="which of them would lead nowhere" />
      {routes && left.length === 0 && <p className="text-sm">No static route has the old address for its next hop.</p>}
      {left.length > 0 && (
        <Interruptions
          sentences={[`${routesThatEnd(left)} Give ${left.length === 1 ? 'it' : 'them'} ${newNextHop(after)}.`]}
        />
      )}
    </>
  );
}

function newNextHop({ interface_address, interface_address6 }: LinkAddresses): string {
  const nextHops = [interface_address, interface_address6]
    .map((address) => routerSide(address)?.split('/')[0])
    .filter((address) => address !== undefined);
  return nextHops.length === 0 ? 'another next hop' : `the new next hop, ${nextHops.join(' or ')}`;
}
