import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Card } from '../../ui/card.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { routesQuery, routesThrough } from '../api/list-routes.ts';

export interface UsedByProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
}

const MAX_SHOWN = 20;

/** The static routes through the tunnel; nothing while they can't be read. */
export function UsedBy({ accountId, tunnel }: UsedByProps) {
  const { data: routes } = useQuery(routesQuery(accountId));
  if (!routes) return null;
  const through = routesThrough(routes, tunnel);
  return (
    <Card title="Used by">
      {through.length === 0 ? (
        <p className="text-kumo-subtle text-sm">No static route goes through this tunnel.</p>
      ) : (
        <ul className="flex flex-col gap-1.5 text-sm">
          {through.slice(0, MAX_SHOWN).map(({ id, prefix, nexthop, priority, description }) => (
            <li key={id} className="[overflow-wrap:anywhere]">
              <span className="font-mono">{prefix}</span> via <span className="font-mono">{nexthop}</span>
              {priority !== undefined && `, priority ${priority}`}
              {description && (
                <span className="text-kumo-subtle">
                  {' '}
                  <VisibleText text={description} />
                </span>
              )}
            </li>
          ))}
          {through.length > MAX_SHOWN && <li>and {through.length - MAX_SHOWN} more</li>}
        </ul>
      )}
    </Card>
  );
}
