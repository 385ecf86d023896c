import { type IpsecTunnel, modifiedTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ResponseReader } from '../../submission/outcome.ts';
import { fieldOfError } from '../form/read-response.ts';

/** What an update has made of the tunnel; without it where the response leaves it out. */
export interface Updated {
  readonly tunnel: IpsecTunnel | undefined;
}

export const updateReader: ResponseReader<Updated> = {
  change: 'update',
  read: (result) => {
    const modified = modifiedTunnelSchema.safeParse(result).data;
    return modified && { tunnel: modified.modified_ipsec_tunnel };
  },
  fieldOf: fieldOfError,
};
