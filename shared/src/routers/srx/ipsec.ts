// The tunnels' interfaces, IKE and IPsec in Junos.

import { KEY_PLACEHOLDER, type RouterInput } from '../configuration.ts';
import { toHexadecimal } from '../encodings.ts';
import { objectName } from '../object-names.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';

/** The guide's name, for a zone that has the tunnels alone. */
export const ZONE = 'cloudflare';

/** With AES-GCM Junos takes PRF SHA-384 by itself, and refuses one of its own beside it. */
const ALGORITHMS: Readonly<Record<Proposals, { readonly ike: readonly string[]; readonly esp: readonly string[] }>> = {
  strongest: { ike: ['encryption-algorithm aes-256-gcm'], esp: ['encryption-algorithm aes-256-gcm'] },
  compatible: {
    ike: ['authentication-algorithm sha-256', 'encryption-algorithm aes-256-cbc'],
    esp: ['authentication-algorithm hmac-sha-256-128', 'encryption-algorithm aes-256-cbc'],
  },
};

/** The unit of the secure tunnel interface that a tunnel has. */
export function tunnelInterface({ number }: RouterTunnel): string {
  return `st0.${number}`;
}

/** Everything up to the SAs, with a comment before each part. */
export function ipsecCommands({ tunnels, settings }: RouterInput): string[] {
  return [
    ...tunnels.flatMap((tunnel) => [
      `# ${objectName(tunnel)}: interface, IKE and IPsec`,
      ...interfaceCommands(tunnel, settings),
      ...ikeCommands(tunnel, settings),
      ...childCommands(tunnel, settings),
    ]),
    '# TCP in every IPsec VPN of the device',
    `set security flow tcp-mss ipsec-vpn mss ${MAX_SEGMENT_SIZE}`,
  ];
}

function interfaceCommands(tunnel: RouterTunnel, { routing }: RouterSettings): string[] {
  const inbound = `set security zones security-zone ${ZONE} interfaces ${tunnelInterface(tunnel)} host-inbound-traffic`;
  return [
    `set interfaces st0 unit ${tunnel.number} family inet address ${tunnel.routerAddress}/${tunnel.prefixLength}`,
    // Cloudflare's health checks are pings of the interface.
    `${inbound} system-services ping`,
    ...(routing === 'bgp' && tunnel.bgp !== undefined ? [`${inbound} protocols bgp`] : []),
  ];
}

function ikeCommands(tunnel: RouterTunnel, settings: RouterSettings): string[] {
  const name = objectName(tunnel);
  const { cloudflareEndpoint, identities } = tunnel;
  const local = localAddress(tunnel, settings);
  const gateway = `set security ike gateway ${name}`;
  return [
    ...[
      'authentication-method pre-shared-keys',
      'dh-group group20',
      ...ALGORITHMS[settings.proposals].ike,
      `lifetime-seconds ${tunnel.ikeLifetime}`,
    ].map((statement) => `set security ike proposal ${name} ${statement}`),
    `set security ike policy ${name} proposals ${name}`,
    `set security ike policy ${name} pre-shared-key ${preSharedKey(tunnel)}`,
    `${gateway} ike-policy ${name}`,
    `${gateway} address ${cloudflareEndpoint}`,
    `${gateway} dead-peer-detection always-send`,
    `${gateway} local-identity hostname ${identities.fqdn}`,
    `${gateway} remote-identity ${isIpv6(cloudflareEndpoint) ? 'inet6' : 'inet'} ${cloudflareEndpoint}`,
    ...(settings.uplink === undefined ? [] : [`${gateway} external-interface ${settings.uplink}`]),
    ...(local === undefined ? [] : [`${gateway} local-address ${local}`]),
    `${gateway} version v2-only`,
  ];
}

function childCommands(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  const name = objectName(tunnel);
  const vpn = `set security ipsec vpn ${name}`;
  return [
    ...['protocol esp', ...ALGORITHMS[proposals].esp, `lifetime-seconds ${tunnel.childLifetime}`].map(
      (statement) => `set security ipsec proposal ${name} ${statement}`,
    ),
    `set security ipsec policy ${name} perfect-forward-secrecy keys group20`,
    `set security ipsec policy ${name} proposals ${name}`,
    `${vpn} bind-interface ${tunnelInterface(tunnel)}`,
    `${vpn} ike gateway ${name}`,
    ...(tunnel.replayProtection ? [] : [`${vpn} ike no-anti-replay`]),
    `${vpn} ike ipsec-policy ${name}`,
    // Cloudflare never initiates.
    `${vpn} establish-tunnels immediately`,
  ];
}

/** In hexadecimal: a text in quotes that begins with $9$ is taken for an encrypted one, and quotes would end it. */
function preSharedKey({ psk }: RouterTunnel): string {
  return psk === undefined ? `ascii-text "${KEY_PLACEHOLDER}"` : `hexadecimal ${toHexadecimal(psk)}`;
}

/** The router's own address on the uplink, where it is known. */
function localAddress(
  { cloudflareEndpoint, customerEndpoint }: RouterTunnel,
  { isBehindNat, localAddress: given }: RouterSettings,
): string | undefined {
  const address = isBehindNat ? given : customerEndpoint;
  return address !== undefined && isIpv6(address) === isIpv6(cloudflareEndpoint) ? address : undefined;
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}
