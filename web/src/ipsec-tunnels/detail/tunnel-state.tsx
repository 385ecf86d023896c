// In what state the tunnel is, in a line under its name: its health, its key, and its BGP session.

import { Badge } from '@cloudflare/kumo/components/badge';
import { WarningIcon } from '@phosphor-icons/react';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Age } from '../../ui/age.tsx';
import { Time } from '../../ui/time.tsx';
import type { ShownHealth } from '../health/health-by-name.ts';
import { HealthState } from './health-card.tsx';

export interface TunnelStateProps {
  readonly tunnel: IpsecTunnel;
  /** Absent while no health is known. */
  readonly health: ShownHealth | undefined;
}

export function TunnelState({ tunnel, health }: TunnelStateProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 text-sm">
      {health && <HealthState health={health} />}
      <KeyState tunnel={tunnel} />
      <BgpState tunnel={tunnel} />
    </div>
  );
}

/** Without a key the tunnel carries nothing, which is the risk that Cloudflare's own dashboard marks. */
function KeyState({ tunnel: { psk_metadata } }: { readonly tunnel: IpsecTunnel }) {
  const setOn = psk_metadata?.last_generated_on;
  if (!setOn) {
    return (
      <p className="flex items-center gap-1.5 text-kumo-warning">
        <WarningIcon aria-hidden className="size-4 shrink-0" weight="fill" />
        No pre-shared key: it carries no traffic
      </p>
    );
  }
  return (
    <p>
      <span className="text-kumo-subtle">Key set on </span>
      <Time at={setOn} />
    </p>
  );
}

const STATES: ReadonlyMap<string, { readonly words: string; readonly variant: 'success' | 'error' | 'secondary' }> =
  new Map([
    ['BGP_UP', { words: 'up', variant: 'success' }],
    ['BGP_DOWN', { words: 'down', variant: 'error' }],
    ['BGP_ESTABLISHING', { words: 'establishing', variant: 'secondary' }],
  ]);

function BgpState({ tunnel }: { readonly tunnel: IpsecTunnel }) {
  if (tunnel.bgp === undefined) return <p className="text-kumo-subtle">BGP off</p>;
  if (tunnel.bgp_status === undefined) return <p className="text-kumo-subtle">BGP on, no state yet</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5">
      <span className="text-kumo-subtle">BGP</span>
      <BgpSessionState tunnel={tunnel} />
    </p>
  );
}

/** Says how old the state is: Cloudflare does not always tell the latest. */
export function BgpSessionState({ tunnel: { bgp_status } }: { readonly tunnel: IpsecTunnel }) {
  if (bgp_status === undefined) return 'None yet';
  const { words, variant } = STATES.get(bgp_status.state) ?? { words: bgp_status.state, variant: 'secondary' as const };
  return (
    <>
      <Badge variant={variant}>{words}</Badge>{' '}
      {bgp_status.updated_at && (
        <span className="text-kumo-subtle">
          as of <Age at={bgp_status.updated_at} />
        </span>
      )}
    </>
  );
}
