// Cloudflare's side of the tunnels, played by strongSwan and FRR: it responds, accepts exactly what Cloudflare's reference
// documents, and refuses anything else.

import { CLOUDFLARE_ASN } from '@tunnel-desk/shared/routers/router-tunnel';
import { type Encryption, loadFrr, loadSwanctl, startCharon, startFrr } from './daemons.ts';
import { FAR_PREFIX } from './network.ts';
import type { Daemon, Machine } from './world.ts';

/** Source: Cloudflare's reference "GRE and IPsec tunnels". Each combination of the parts between the hyphens is meant. */
export const DOCUMENTED = {
  ike: [
    'aes256gcm16-aes128gcm16-prfsha256-prfsha384-prfsha512-ecp384-modp2048-modp1536',
    'aes256-sha256-prfsha256-prfsha384-prfsha512-ecp384-modp2048-modp1536',
  ],
  esp: ['aes256gcm16-aes128gcm16-ecp384-modp2048-modp1536', 'aes256-aes128-sha256-sha1-ecp384-modp2048-modp1536'],
} as const;

export interface Transforms {
  readonly ike: readonly string[];
  readonly esp: readonly string[];
}

/** What Cloudflare knows of one tunnel. */
export interface EdgeTunnel {
  /** How the router has to identify itself. */
  readonly identity: string;
  readonly endpoint: string;
  readonly psk: string;
  readonly transforms?: Transforms;
  /** The number of its XFRM interface, where the kernel encrypts. */
  readonly interfaceId?: number;
}

export interface EdgeBgp {
  readonly cloudflareAddress: string;
  readonly routerAddress: string;
  readonly customerAsn: number;
  readonly md5Key: string | undefined;
}

/** Starts charon for these tunnels. */
export async function startEdgeIpsec(
  machine: Machine,
  tunnels: readonly EdgeTunnel[],
  by: Encryption = 'charon',
): Promise<Daemon> {
  await machine.write('/etc/strongswan.d/cloudflare-edge.conf', 'charon {\n  install_routes = no\n}\n');
  await machine.write('/etc/swanctl/conf.d/edge.conf', swanctlConf(tunnels));
  const charon = await startCharon(machine, by);
  const loaded = await loadSwanctl(machine);
  if (!loaded.includes(`successfully loaded ${tunnels.length} connections`)) throw new Error(`the edge: ${loaded}`);
  return charon;
}

/** Starts BGP to these routers. */
export async function startEdgeBgp(machine: Machine, neighbors: readonly EdgeBgp[]): Promise<void> {
  await startFrr(machine);
  await loadFrr(machine, frrConf(neighbors));
}

function swanctlConf(tunnels: readonly EdgeTunnel[]): string {
  const connections = tunnels.map(
    ({ identity, endpoint, transforms = DOCUMENTED, interfaceId = 0 }, index) => `  edge-${index} {
    version = 2
    local_addrs = ${endpoint}
    remote_addrs = %any
    proposals = ${transforms.ike.join(',')}
    rekey_time = 0
    local {
      auth = psk
      id = ${endpoint}
    }
    remote {
      auth = psk
      id = fqdn:${identity}
    }
    children {
      edge-${index} {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = ${transforms.esp.join(',')}
        if_id_in = ${interfaceId}
        if_id_out = ${interfaceId}
        rekey_time = 0
      }
    }
  }`,
  );
  const secrets = tunnels.map(
    ({ identity, endpoint, psk }, index) => `  ike-${index} {
    id-1 = fqdn:${identity}
    id-2 = ${endpoint}
    secret = 0s${Buffer.from(psk).toString('base64')}
  }`,
  );
  return `connections {\n${connections.join('\n')}\n}\nsecrets {\n${secrets.join('\n')}\n}\n`;
}

function frrConf(neighbors: readonly EdgeBgp[]): string {
  const lines = neighbors.flatMap(({ routerAddress, customerAsn, md5Key }) => [
    ` neighbor ${routerAddress} remote-as ${customerAsn}`,
    ...(md5Key === undefined ? [] : [` neighbor ${routerAddress} password ${md5Key}`]),
    ` neighbor ${routerAddress} timers connect 1`,
  ]);
  return `router bgp ${CLOUDFLARE_ASN}
 bgp router-id ${neighbors[0]?.cloudflareAddress}
 no bgp ebgp-requires-policy
 no bgp network import-check
${lines.join('\n')}
 address-family ipv4 unicast
  network ${FAR_PREFIX}
 exit-address-family
exit
`;
}
