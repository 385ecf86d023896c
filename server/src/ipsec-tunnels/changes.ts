// Every change that can be made to an account's IPsec tunnels.

import type { CloudflareClient } from '../cloudflare/client.ts';
import { type IpsecTunnelCreate, ipsecTunnelCreate } from './create.ts';
import { type IpsecTunnelDelete, ipsecTunnelDelete } from './delete.ts';
import { type PskGeneration, pskGeneration } from './generate-psk.ts';
import { type IpsecTunnelUpdate, ipsecTunnelUpdate } from './update.ts';

export interface IpsecTunnelChanges {
  readonly create: IpsecTunnelCreate;
  readonly update: IpsecTunnelUpdate;
  readonly delete: IpsecTunnelDelete;
  readonly generatePsk: PskGeneration;
}

export function ipsecTunnelChanges(cloudflare: CloudflareClient): IpsecTunnelChanges {
  return {
    create: ipsecTunnelCreate(cloudflare),
    update: ipsecTunnelUpdate(cloudflare),
    delete: ipsecTunnelDelete(cloudflare),
    generatePsk: pskGeneration(cloudflare),
  };
}
