// What of the tunnels does not suit the router, each with the button that opens the tunnel's form with the fix in it.

import { Button } from '@cloudflare/kumo/components/button';
import { InfoIcon, WarningIcon } from '@phosphor-icons/react';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { RouterAdvisory, TunnelFix } from '@tunnel-desk/shared/routers/advisories';
import { readRouterTunnels } from '@tunnel-desk/shared/routers/router-tunnel';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { type ReactNode, useId } from 'react';
import { useLocation } from 'wouter';
import { editTunnelPath } from '../../app/paths.ts';
import { withUniqueKeys } from '../../lib/unique-keys.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { FixState } from '../edit/tunnel-fix.ts';

export interface RouterAdviceProps {
  readonly account: SessionAccount;
  readonly tunnels: readonly IpsecTunnel[];
  readonly settings: RouterSettings;
}

export function RouterAdvice({ account, tunnels, settings }: RouterAdviceProps) {
  const reasonId = useId();
  const [, navigate] = useLocation();
  const advice = adviceOn(account.id, tunnels, settings);
  if (advice.length === 0) return null;
  const { mayChange } = account;
  const off = mayChange ? {} : { 'aria-disabled': true, 'aria-describedby': reasonId, className: OFF };
  const open = (tunnelId: string, values: TunnelFix) => {
    const state: FixState = { fix: { tunnelId, values: { ...values } } };
    navigate(editTunnelPath(account.id, tunnelId), { state });
  };
  return (
    <section aria-label="What does not suit this router" className="flex flex-col gap-2">
      <ul className="flex flex-col gap-2">
        {withUniqueKeys(advice, ({ tunnel, message }) => tunnel.id + message).map(({ key, item }) => (
          <Advisory key={key} advisory={item} name={tunnels.length > 1 ? item.tunnel.name : undefined}>
            {item.fix && (
              <Button size="sm" {...off} onClick={() => mayChange && item.fix && open(item.tunnel.id, item.fix.values)}>
                {item.fix.label}
              </Button>
            )}
          </Advisory>
        ))}
      </ul>
      {!mayChange && (
        <p id={reasonId} className="text-kumo-subtle text-sm">
          To change the tunnel takes the operator role.
        </p>
      )}
    </section>
  );
}

interface AdvisoryProps {
  readonly advisory: RouterAdvisory;
  /** The tunnel's, where there are several. */
  readonly name: string | undefined;
  readonly children: ReactNode;
}

/** In the colour of risk where something is to be changed; what is merely worth knowing is quiet. */
function Advisory({ advisory: { message, fix }, name, children }: AdvisoryProps) {
  const [Icon, colours] =
    fix === undefined ? [InfoIcon, 'text-kumo-subtle'] : [WarningIcon, 'bg-kumo-warning-tint text-kumo-warning'];
  return (
    <li className={`flex items-start gap-2 rounded-lg px-3 py-2 text-sm ${colours}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1.5">
        <p className="min-w-0 [overflow-wrap:anywhere]">
          {name !== undefined && (
            <>
              <VisibleText text={name} />:{' '}
            </>
          )}
          <VisibleText text={message} dir="ltr" />
        </p>
        {children}
      </div>
    </li>
  );
}

interface AdvisoryOnTunnel extends RouterAdvisory {
  readonly tunnel: IpsecTunnel;
}

function adviceOn(accountId: string, tunnels: readonly IpsecTunnel[], settings: RouterSettings): AdvisoryOnTunnel[] {
  return tunnels.flatMap((tunnel) => {
    const read = readRouterTunnels(accountId, [{ tunnel }]);
    if (read.kind === 'unusable') return [];
    return read.tunnels
      .flatMap((each) => ROUTERS[settings.kind].adviseOn(each, settings))
      .map((advisory) => ({ ...advisory, tunnel }));
  });
}

const OFF = 'cursor-not-allowed opacity-50';
