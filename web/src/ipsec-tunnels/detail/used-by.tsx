import { useQuery } from '@tanstack/react-query';
import { routesOnLink } from '@tunnel-desk/shared/ipsec-tunnels/static-routes';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Card } from '../../ui/card.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { routesQuery, type StaticRoute } from '../api/list-routes.ts';
import { MistakenRoutes } from '../routes/mistaken-routes.tsx';
import { RoutesUnread } from '../routes/routes-unread.tsx';

export interface UsedByProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

const MAX_SHOWN = 20;

/** The static routes to the tunnel's other end, and those that were meant to be. */
export function UsedBy({ accountId, tunnel }: UsedByProps) {
  const { data: routes } = useQuery(routesQuery(accountId));
  const { through, mistaken } = routesOnLink(routes ?? [], tunnel);
  return (
    <Card title="Used by">
      <RoutesUnread accountId={accountId} unknown="what uses this tunnel" />
      <MistakenRoutes mistaken={mistaken} />
      {routes && through.length === 0 && (
        <p className="text-kumo-subtle text-sm">No static route goes through this tunnel.</p>
      )}
      {through.length > 0 && (
        <ul className="flex flex-col gap-1.5 text-sm">
          {through.slice(0, MAX_SHOWN).map((route) => (
            <RouteItem key={route.id} route={route} />
          ))}
          {through.length > MAX_SHOWN && <li>and {through.length - MAX_SHOWN} more</li>}
        </ul>
      )}
    </Card>
  );
}

function RouteItem({ route: { prefix, nexthop, priority, description } }: { readonly route: StaticRoute }) {
  return (
    <li className="[overflow-wrap:anywhere]">
      <span className="font-mono">{prefix}</span> via <span className="font-mono">{nexthop}</span>
      {priority !== undefined && `, priority ${priority}`}
      {description && (
        <span className="text-kumo-subtle">
          {' '}
          <VisibleText text={description} />
        </span>
      )}
    </li>
  );
}
