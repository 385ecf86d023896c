// The IKE and child SAs of tunnels and their interfaces, as commands of IOS XE.

import { cidr, formatWithNetmask } from '../../ip/cidr.ts';
import { KEY_PLACEHOLDER } from '../configuration.ts';
import { toHexadecimal } from '../encodings.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';
import { interfaceOf, nameOf } from './names.ts';

/** A combined-mode cipher has no integrity of its own, and IOS XE then asks for the PRF. ESN is off unless asked for. */
const SUITES: Readonly<Record<Proposals, { readonly ike: readonly string[]; readonly esp: string }>> = {
  strongest: { ike: ['encryption aes-gcm-256', 'prf sha384'], esp: 'esp-gcm 256' },
  compatible: { ike: ['encryption aes-cbc-256', 'integrity sha256'], esp: 'esp-aes 256 esp-sha256-hmac' },
};

/** What all tunnels have in common is called so. */
const SHARED = 'CLOUDFLARE';
/** IOS XE's own window, in packets. */
const REPLAY_WINDOW = 64;

export function ikeCommands(tunnels: readonly RouterTunnel[], { proposals }: RouterSettings): string[] {
  return [
    ...(proposals === 'strongest' ? ['! Not every platform has AES-GCM: choose the compatible proposals there.'] : []),
    `crypto ikev2 proposal ${SHARED}`,
    ...SUITES[proposals].ike.map((line) => ` ${line}`),
    ' group 20',
    '!',
    `crypto ikev2 policy ${SHARED}`,
    ' match fvrf any',
    ` proposal ${SHARED}`,
    '!',
    `crypto ikev2 keyring ${SHARED}`,
    ...tunnels.flatMap(keyCommands),
    '!',
    ...tunnels.flatMap(profileCommands),
    '! Recovers security associations that only one end still knows, such as after a restart of the router.',
    'crypto isakmp invalid-spi-recovery',
    '!',
  ];
}

function keyCommands(tunnel: RouterTunnel): string[] {
  return [
    ` peer ${nameOf(tunnel)}`,
    `  address ${tunnel.cloudflareEndpoint}`,
    `  pre-shared-key ${keyWords(tunnel.psk)}`,
    ' !',
  ];
}

/** Letters, digits, `-` and `_`, as Cloudflare generates keys, and more of them than there are in a word of the command. */
const PLAIN_KEY = /^[A-Za-z0-9_-]{8,}$/;

/** Of any other key the bytes: IOS XE would ask for help at a `?`, and reads a digit and a blank as a kind of key. */
function keyWords(psk: string | undefined): string {
  if (psk === undefined) return KEY_PLACEHOLDER;
  return PLAIN_KEY.test(psk) ? psk : `hex ${toHexadecimal(psk)}`;
}

function profileCommands(tunnel: RouterTunnel): string[] {
  return [
    `crypto ikev2 profile ${nameOf(tunnel)}`,
    ` match identity remote address ${tunnel.cloudflareEndpoint} 255.255.255.255`,
    ` identity local fqdn ${tunnel.identities.fqdn}`,
    ' authentication remote pre-share',
    ' authentication local pre-share',
    ` keyring local ${SHARED}`,
    ` lifetime ${tunnel.ikeLifetime}`,
    ' dpd 30 5 periodic',
    ' no config-exchange request',
    '!',
  ];
}

export function ipsecCommands(tunnels: readonly RouterTunnel[], { proposals }: RouterSettings): string[] {
  return [
    `crypto ipsec transform-set ${SHARED} ${SUITES[proposals].esp}`,
    ' mode tunnel',
    '!',
    ...tunnels.flatMap((tunnel) => [
      `crypto ipsec profile ${nameOf(tunnel)}`,
      ` set security-association lifetime seconds ${tunnel.childLifetime}`,
      ' set security-association lifetime kilobytes disable',
      ` set security-association replay ${tunnel.replayProtection ? `window-size ${REPLAY_WINDOW}` : 'disable'}`,
      ` set transform-set ${SHARED}`,
      ' set pfs group20',
      ` set ikev2-profile ${nameOf(tunnel)}`,
      '!',
    ]),
  ];
}

export function interfaceCommands(tunnel: RouterTunnel, { uplink }: RouterSettings): string[] {
  return [
    `interface ${interfaceOf(tunnel)}`,
    ` description ${nameOf(tunnel)}`,
    ` ip address ${formatWithNetmask(cidr(`${tunnel.routerAddress}/${tunnel.prefixLength}`))}`,
    ' ip mtu 1450',
    ` ip tcp adjust-mss ${MAX_SEGMENT_SIZE}`,
    ...(uplink === undefined ? [] : [` tunnel source ${uplink}`]),
    ' tunnel mode ipsec ipv4',
    ` tunnel destination ${tunnel.cloudflareEndpoint}`,
    ' tunnel path-mtu-discovery',
    ` tunnel protection ipsec profile ${nameOf(tunnel)}`,
    '!',
  ];
}
