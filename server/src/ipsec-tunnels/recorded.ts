// Requests and tunnels in the forms in which they are recorded and told.

import { PSK_NOT_RECORDED } from '@tunnel-desk/shared/api/audit';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

/** The request as it is recorded: that it had a pre-shared key, and never the key. */
export function recordedRequest({ psk, ...recorded }: CreateIpsecTunnelRequest): object {
  return psk === undefined ? recorded : { ...recorded, psk: PSK_NOT_RECORDED };
}

/** A tunnel that was read with its health-check target as an object, with the target in the form that was asked for. */
export function withTargetAs(form: string, tunnel: IpsecTunnel): IpsecTunnel {
  const target = tunnel.health_check?.target;
  if (form === 'object' || typeof target !== 'object') return tunnel;
  return { ...tunnel, health_check: { ...tunnel.health_check, target: target.saved ?? '' } };
}
