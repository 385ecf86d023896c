// What an account has beside its IPsec tunnels, as the upstream of a spec lists it.

import {
  bgpFilterProfilesPath,
  greTunnelsPath,
  interconnectsPath,
  ipsecTunnelsPath,
} from '@tunnel-desk/shared/api/paths';
import { ACCOUNT, type Desk } from './desk.ts';

export const GRE_TUNNELS = greTunnelsPath(ACCOUNT.id);
export const INTERCONNECTS = interconnectsPath(ACCOUNT.id);
export const FILTER_PROFILES = bgpFilterProfilesPath(ACCOUNT.id);

export const REFUSED = { status: 403, code: 10_000 };
export const IMPORTS = { id: '1'.repeat(32), name: 'On-prem imports', match_action: 'allow', targets: ['10.0.0.0/8+'] };
export const EXPORTS = { id: '2'.repeat(32), name: 'Cloud exports', match_action: 'deny', targets: ['10.9.0.0/16'] };

/** One of each, unless a spec says otherwise. */
export function listNeighbours(desk: Desk): void {
  desk.respondUpstream(GRE_TUNNELS, {
    result: { gre_tunnels: [{ id: 'a', name: 'gre-lab-1', interface_address: '10.8.0.0/31' }] },
  });
  desk.respondUpstream(INTERCONNECTS, {
    result: { interconnects: [{ id: 'b', name: 'cni-ams', interface_address: '10.8.0.2/31' }] },
  });
  desk.respondUpstream(FILTER_PROFILES, { result: [IMPORTS, EXPORTS] });
}

/** IPsec tunnels with these interface addresses, all on one Cloudflare endpoint. */
export function listTunnels(desk: Desk, addresses: readonly string[], cloudflareEndpoint = '203.0.113.1'): void {
  const ipsec_tunnels = addresses.map((interface_address, index) => ({
    id: index.toString(16).padStart(32, '0'),
    name: `branch-${index}`,
    cloudflare_endpoint: cloudflareEndpoint,
    interface_address,
  }));
  desk.respondUpstream(ipsecTunnelsPath(ACCOUNT.id), { result: { ipsec_tunnels } });
}
