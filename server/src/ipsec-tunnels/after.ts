// What the desk knows of a tunnel after it made, saved or deleted it: what Cloudflare says that it is, without its key.

import { type KnownRequest, knownRequest } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import { tunnelToCreate } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { createdTunnelSchema, modifiedTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { RecordedChange } from '../submissions/change.ts';

type After = NonNullable<RecordedChange['after']>;

export const afterCreate: After = ({ envelope }) => {
  const tunnel = createdTunnelSchema.safeParse(envelope.result).data;
  return tunnel && { id: tunnel.id, values: knownRequest(tunnel) };
};

/** Where the response leaves the tunnel out, it is what was sent. */
export const afterUpdate: After = ({ envelope }, { resourceId, request }) => {
  const tunnel = modifiedTunnelSchema.safeParse(envelope.result).data?.modified_ipsec_tunnel;
  return { id: resourceId, values: tunnel === undefined ? sentRequest(request) : knownRequest(tunnel) };
};

export const afterDelete: After = (_response, { resourceId }) => ({ id: resourceId, values: undefined });

function sentRequest(request: object): KnownRequest {
  const { request: sent } = tunnelToCreate({ ...request });
  return { ...sent, name: sent.name ?? '' };
}
