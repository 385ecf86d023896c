// The tunnels' interfaces, IKE and IPsec in PAN-OS.

import { KEY_PLACEHOLDER, type RouterInput } from '../configuration.ts';
import { objectName } from '../object-names.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';
import { preSharedKeyIssue } from './keys.ts';
import { interfaceAddress, tunnelInterface, VIRTUAL_ROUTER, ZONE } from './names.ts';

const PING_PROFILE = `${ZONE}-ping`;
/** IPv4 and TCP without options: PAN-OS lowers the segment size to what is left of the tunnel interface's MTU. */
const HEADERS = 40;

/** With AES-GCM the hash is non-auth, and PAN-OS takes PRF SHA-384 by itself because of group 20. */
const ALGORITHMS: Readonly<
  Record<Proposals, { readonly encryption: string; readonly hash: string; readonly esp: string }>
> = {
  strongest: { encryption: 'aes-256-gcm', hash: 'non-auth', esp: 'none' },
  compatible: { encryption: 'aes-256-cbc', hash: 'sha256', esp: 'sha256' },
};

/** Everything up to the SAs, with a comment before each part. */
export function ipsecCommands({ tunnels, settings }: RouterInput): string[] {
  return [
    "# Cloudflare's health checks are pings of the tunnel interfaces",
    `set network profiles interface-management-profile ${PING_PROFILE} ping yes`,
    ...tunnels.flatMap((tunnel) => [
      `# ${objectName(tunnel)}: interface, IKE and IPsec`,
      ...interfaceCommands(tunnel),
      ...profileCommands(tunnel, settings),
      ...gatewayCommands(tunnel, settings),
      ...ipsecTunnelCommands(tunnel),
    ]),
  ];
}

function interfaceCommands(tunnel: RouterTunnel): string[] {
  const name = tunnelInterface(tunnel);
  const unit = `set network interface tunnel units ${name}`;
  return [
    `${unit} ip ${interfaceAddress(tunnel)}`,
    `${unit} mtu ${MAX_SEGMENT_SIZE + HEADERS}`,
    `${unit} interface-management-profile ${PING_PROFILE}`,
    `set network virtual-router ${VIRTUAL_ROUTER} interface ${name}`,
    `set zone ${ZONE} network layer3 ${name}`,
  ];
}

function profileCommands(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  const { encryption, hash, esp } = ALGORITHMS[proposals];
  const profiles = 'set network ike crypto-profiles';
  const ikeProfile = `${profiles} ike-crypto-profiles ${objectName(tunnel)}`;
  const ipsecProfile = `${profiles} ipsec-crypto-profiles ${objectName(tunnel)}`;
  return [
    `${ikeProfile} hash ${hash}`,
    `${ikeProfile} dh-group group20`,
    `${ikeProfile} encryption ${encryption}`,
    `${ikeProfile} lifetime minutes ${inMinutes(tunnel.ikeLifetime)}`,
    `${ipsecProfile} esp authentication ${esp}`,
    `${ipsecProfile} esp encryption ${encryption}`,
    `${ipsecProfile} lifetime minutes ${inMinutes(tunnel.childLifetime)}`,
    `${ipsecProfile} dh-group group20`,
  ];
}

function gatewayCommands(tunnel: RouterTunnel, { isBehindNat, uplink }: RouterSettings): string[] {
  const name = objectName(tunnel);
  const { cloudflareEndpoint, identities } = tunnel;
  const gateway = `set network ike gateway ${name}`;
  return [
    ...preSharedKey(tunnel).map((key) => `${gateway} authentication pre-shared-key key "${key}"`),
    `${gateway} protocol version ikev2`,
    `${gateway} protocol ikev2 ike-crypto-profile ${name}`,
    `${gateway} protocol ikev2 dpd enable yes`,
    `${gateway} protocol-common nat-traversal enable ${isBehindNat ? 'yes' : 'no'}`,
    ...(uplink === undefined ? [] : [`${gateway} local-address interface ${uplink}`]),
    `${gateway} peer-address ip ${cloudflareEndpoint}`,
    `${gateway} local-id type fqdn id ${identities.fqdn}`,
    `${gateway} peer-id type ipaddr id ${cloudflareEndpoint}`,
  ];
}

function ipsecTunnelCommands(tunnel: RouterTunnel): string[] {
  const name = objectName(tunnel);
  const ipsec = `set network tunnel ipsec ${name}`;
  return [
    `${ipsec} auto-key ike-gateway ${name}`,
    `${ipsec} auto-key ipsec-crypto-profile ${name}`,
    `${ipsec} tunnel-monitor enable no`,
    `${ipsec} tunnel-interface ${tunnelInterface(tunnel)}`,
    `${ipsec} anti-replay ${tunnel.replayProtection ? 'yes' : 'no'}`,
  ];
}

/** The key or its placeholder; none where the key cannot be written. */
function preSharedKey({ psk }: RouterTunnel): string[] {
  if (psk === undefined) return [KEY_PLACEHOLDER];
  return preSharedKeyIssue(psk) === undefined ? [psk] : [];
}

/** PAN-OS takes no more than 65,535 seconds, which a day is longer than. */
function inMinutes(seconds: number): number {
  return Math.floor(seconds / 60);
}
