// Static routes that lead nowhere by mistake, each with the next hop it has to have.

import { WarningIcon } from '@phosphor-icons/react';
import type { MistakenRoute } from '@tunnel-desk/shared/ipsec-tunnels/static-routes';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { StaticRoute } from '../api/list-routes.ts';

export interface MistakenRoutesProps {
  readonly mistaken: readonly MistakenRoute<StaticRoute>[];
}

const MAX_SHOWN = 20;

export function MistakenRoutes({ mistaken }: MistakenRoutesProps) {
  if (mistaken.length === 0) return null;
  const more = mistaken.length - MAX_SHOWN;
  return (
    <div className="flex items-start gap-2 rounded-lg bg-kumo-warning-tint px-3 py-2 text-kumo-warning text-sm">
      <WarningIcon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">
          {mistaken.length === 1
            ? 'A static route to this tunnel leads nowhere, by mistake:'
            : `${mistaken.length} static routes to this tunnel lead nowhere, by mistake:`}
        </p>
        <ul className="flex flex-col gap-1">
          {mistaken.slice(0, MAX_SHOWN).map(({ route, isCloudflareSide, rightNextHop }) => (
            <li key={route.id} className="[overflow-wrap:anywhere]">
              <span className="font-mono">{route.prefix}</span> via <span className="font-mono">{route.nexthop}</span>,{' '}
              {isCloudflareSide ? "which is Cloudflare's own side" : 'which neither end has'}. Its next hop has to be
              the router's,{' '}
              <span className="inline-flex items-center">
                <span className="font-mono">{rightNextHop}</span>
                <CopyButton label={`Copy next hop ${rightNextHop} for ${route.prefix}`} text={rightNextHop} iconOnly />
              </span>
            </li>
          ))}
          {more > 0 && <li>and {more} more</li>}
        </ul>
      </div>
    </div>
  );
}
