// The IKE and child SAs of tunnels and their interfaces, as commands of VyOS.

import { KEY_PLACEHOLDER } from '../configuration.ts';
import { toBase64 } from '../encodings.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';
import { interfaceOf, nameOf } from './names.ts';

/** With GCM strongSwan leaves the hash aside, but VyOS takes no proposal without one. ESN is off unless asked for. */
const SUITES: Readonly<
  Record<Proposals, { readonly encryption: string; readonly hash: string; readonly prf: string }>
> = {
  strongest: { encryption: 'aes256gcm128', hash: 'sha384', prf: 'prfsha384' },
  compatible: { encryption: 'aes256', hash: 'sha256', prf: 'prfsha256' },
};

/** The window that VyOS has by default, in packets. */
const REPLAY_WINDOW = 32;

export function generalCommands({ uplink }: RouterSettings): string[] {
  return [
    ...(uplink === undefined ? [] : [`set vpn ipsec interface '${uplink}'`]),
    '# The VTIs take the traffic: routes of strongSwan itself would send all of it into one tunnel.',
    'set vpn ipsec options disable-route-autoinstall',
  ];
}

export function tunnelCommands(tunnel: RouterTunnel, settings: RouterSettings): string[] {
  return [
    `# Tunnel ${tunnel.label}`,
    ...interfaceCommands(tunnel),
    ...ikeCommands(tunnel, settings),
    ...espCommands(tunnel, settings),
    ...keyCommands(tunnel),
    ...peerCommands(tunnel, settings),
  ];
}

function interfaceCommands(tunnel: RouterTunnel): string[] {
  const vti = `set interfaces vti ${interfaceOf(tunnel)}`;
  return [
    `${vti} address '${tunnel.routerAddress}/${tunnel.prefixLength}'`,
    `${vti} description '${nameOf(tunnel)}'`,
    `${vti} ip adjust-mss '${MAX_SEGMENT_SIZE}'`,
  ];
}

function ikeCommands(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  const group = `set vpn ipsec ike-group ${nameOf(tunnel)}`;
  const { encryption, hash, prf } = SUITES[proposals];
  return [
    `${group} key-exchange 'ikev2'`,
    `${group} lifetime '${tunnel.ikeLifetime}'`,
    `${group} close-action 'start'`,
    `${group} dead-peer-detection action 'restart'`,
    `${group} dead-peer-detection interval '30'`,
    `${group} disable-mobike`,
    `${group} proposal 1 encryption '${encryption}'`,
    `${group} proposal 1 hash '${hash}'`,
    `${group} proposal 1 prf '${prf}'`,
    `${group} proposal 1 dh-group '20'`,
  ];
}

function espCommands(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  const group = `set vpn ipsec esp-group ${nameOf(tunnel)}`;
  const { encryption, hash } = SUITES[proposals];
  return [
    `${group} mode 'tunnel'`,
    `${group} lifetime '${tunnel.childLifetime}'`,
    `${group} pfs 'dh-group20'`,
    `${group} proposal 1 encryption '${encryption}'`,
    `${group} proposal 1 hash '${hash}'`,
  ];
}

/** In base64: VyOS takes no quotation mark in a value (T1246), and strongSwan decodes a key that begins with `0x` or `0s`. */
function keyCommands(tunnel: RouterTunnel): string[] {
  const psk = `set vpn ipsec authentication psk ${nameOf(tunnel)}`;
  const ids = [`${psk} id '${tunnel.identities.fqdn}'`, `${psk} id '${tunnel.cloudflareEndpoint}'`];
  return tunnel.psk === undefined
    ? [
        ...ids,
        '# A key that has other characters than letters, digits, - and _ goes in as base64, with secret-type base64.',
        `${psk} secret '${KEY_PLACEHOLDER}'`,
      ]
    : [...ids, `${psk} secret '${toBase64(tunnel.psk)}'`, `${psk} secret-type 'base64'`];
}

function peerCommands(tunnel: RouterTunnel, { isBehindNat }: RouterSettings): string[] {
  const name = nameOf(tunnel);
  const peer = `set vpn ipsec site-to-site peer ${name}`;
  return [
    `${peer} authentication mode 'pre-shared-secret'`,
    `${peer} authentication local-id '${tunnel.identities.fqdn}'`,
    `${peer} authentication remote-id '${tunnel.cloudflareEndpoint}'`,
    `${peer} connection-type 'initiate'`,
    `${peer} ike-group '${name}'`,
    `${peer} default-esp-group '${name}'`,
    `${peer} local-address '${localAddress(tunnel, isBehindNat)}'`,
    `${peer} remote-address '${tunnel.cloudflareEndpoint}'`,
    `${peer} replay-window '${tunnel.replayProtection ? REPLAY_WINDOW : 0}'`,
    `${peer} vti bind '${interfaceOf(tunnel)}'`,
    '# One pair of traffic selectors, as Cloudflare has it. Versions before 1.5 may not know these two lines.',
    `${peer} vti traffic-selector local prefix '0.0.0.0/0'`,
    `${peer} vti traffic-selector remote prefix '0.0.0.0/0'`,
  ];
}

/** `any` is the address of the interface that has the default route. */
function localAddress({ customerEndpoint, cloudflareEndpoint }: RouterTunnel, isBehindNat: boolean): string {
  const isItsOwn = !isBehindNat && customerEndpoint?.includes(':') === cloudflareEndpoint.includes(':');
  return (isItsOwn ? customerEndpoint : undefined) ?? 'any';
}
