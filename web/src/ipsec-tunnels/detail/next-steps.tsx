import { Button } from '@cloudflare/kumo/components/button';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { SecretValue } from '../../ui/secret-value.tsx';
import { ROUTER_HASH, showRouter } from '../router/router-hash.ts';
import { routerSide } from '../router-side.ts';
import { heldKey, markTaken } from './created-tunnel.ts';

export interface NextStepsProps {
  readonly tunnel: IpsecTunnel;
  readonly hasKey: boolean;
  /** Sets a key; absent where the person may not. */
  readonly onSetKey: (() => void) | undefined;
}

/** What is left to do for a tunnel that was just created, in order: key, router, routes. */
export function NextSteps({ tunnel, hasKey, onSetKey }: NextStepsProps) {
  return (
    <ol className="flex list-decimal flex-col gap-3 pl-5">
      <li>{hasKey ? <PutKeyOnRouter tunnelId={tunnel.id} /> : <SetKey onSetKey={onSetKey} />}</li>
      <li>
        Set up your router: IKEv2 to <span className="font-mono">{tunnel.cloudflare_endpoint}</span>, tunnel interface{' '}
        <span className="font-mono">{routerSide(tunnel.interface_address)}</span>.{' '}
        <a
          href={ROUTER_HASH}
          className="underline"
          onClick={(event) => {
            // Another entry in the history would forget that the tunnel was just created.
            event.preventDefault();
            showRouter();
          }}
        >
          Get its configuration
        </a>
      </li>
      <li>
        {tunnel.bgp
          ? 'Start BGP on the tunnel interface, and check that the session is established.'
          : 'Add routes for your prefixes through the tunnel, in Cloudflare and on your router.'}
      </li>
    </ol>
  );
}

function SetKey({ onSetKey }: Pick<NextStepsProps, 'onSetKey'>) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <p>Set a pre-shared key: without one the tunnel carries no traffic.</p>
      {onSetKey && (
        <Button size="sm" onClick={onSetKey}>
          Set a key now
        </Button>
      )}
    </div>
  );
}

function PutKeyOnRouter({ tunnelId }: { readonly tunnelId: string }) {
  const key = heldKey(tunnelId);
  if (key === undefined) {
    return (
      <>
        Put the pre-shared key on your router. It is not kept here: without a copy of yours, rotate it to get a new one.
      </>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      <p>Put the pre-shared key on your router.</p>
      <SecretValue label="pre-shared key" secret={key} onTaken={() => markTaken(tunnelId)} />
      <p className="text-kumo-subtle text-sm">
        Gone when you reload or close this page; Cloudflare never shows it again.
      </p>
    </div>
  );
}
