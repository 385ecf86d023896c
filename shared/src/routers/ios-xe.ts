// Cisco IOS XE: a route-based tunnel by IKEv2, as commands of its configuration mode.

import { formatIp } from '../ip/address.ts';
import { netmask, parseCidr } from '../ip/cidr.ts';
import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { type BgpTunnel, isSpeakerOutside, leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import {
  commentHead,
  KEY_PLACEHOLDER,
  type RouterConfiguration,
  type RouterDefinition,
  type RouterInput,
} from './configuration.ts';
import { toHexadecimal } from './encodings.ts';
import { CLOUDFLARE_ASN, MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';

/** A combined-mode cipher has no integrity of its own, and IOS XE then asks for the PRF. ESN is off unless asked for. */
const SUITES: Readonly<Record<Proposals, { readonly ike: readonly string[]; readonly esp: string }>> = {
  strongest: { ike: ['encryption aes-gcm-256', 'prf sha384'], esp: 'esp-gcm 256' },
  compatible: { ike: ['encryption aes-cbc-256', 'integrity sha256'], esp: 'esp-aes 256 esp-sha256-hmac' },
};

/** What all tunnels have in common is called so. */
const SHARED = 'CLOUDFLARE';
const ANNOUNCED = 'CLOUDFLARE-OUT';
/** What IOS XE takes with `service password-encryption` on. */
const MAX_MD5_KEY = 25;
/** IOS XE's own window, in packets. */
const REPLAY_WINDOW = 64;

export const iosXe: RouterDefinition = {
  kind: 'ios-xe',
  guidesOf: '2026-08-24',
  sources: [
    'Cisco IOS XE (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels, Traffic steering, MSS clamping (Cloudflare WAN), Cloudflare',
    'Cisco-IOS-XE-crypto (YANG model of IOS XE 17.16), Cisco',
    'IP Routing: BGP Command Reference, neighbor password (IOS XE), Cisco',
  ],
  asks: ['uplink', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'GigabitEthernet1',
  uplinkPattern: /^[a-z]+(?:-[a-z]+)?[0-9]+(?:\/[0-9]+){0,3}(?:[.:][0-9]+){0,2}$/i,
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { settings } = input;
  const tunnels = input.tunnels.filter(
    (tunnel, index) => reasonAgainst(tunnel, input.tunnels.slice(0, index)) === undefined,
  );
  const withBgp = settings.routing === 'bgp' ? tunnelsOfOneAsn(tunnels) : [];
  const lines = [
    '!',
    '! Enter configure terminal, paste this, then enter end. Once it runs, enter copy running-config startup-config.',
    ...ikeCommands(tunnels, settings),
    ...ipsecCommands(tunnels, settings),
    ...tunnels.flatMap((tunnel) => interfaceCommands(tunnel, settings)),
    ...bgpCommands(withBgp, settings.lanPrefixes),
    ...(settings.routing === 'static' ? staticRoutes(tunnels, settings.remotePrefixes) : []),
  ];
  return {
    files: [
      {
        name: 'ios-xe.txt',
        language: 'commands',
        purpose: 'To paste in the configuration mode of IOS XE',
        content: commentHead(input, iosXe, '!') + lines.map((line) => `${line}\n`).join(''),
      },
    ],
    leftOut: [
      ...input.tunnels.flatMap((tunnel, index) => leftOutTunnel(tunnel, input.tunnels.slice(0, index))),
      ...(settings.uplink === undefined ? ['The source of the tunnels: no uplink was named.'] : []),
      ...(settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : []),
    ],
  };
}

/** Why a tunnel is not in the file, as a clause; `undefined` where it is. */
function reasonAgainst({ cloudflareEndpoint }: RouterTunnel, earlier: readonly RouterTunnel[]): string | undefined {
  if (cloudflareEndpoint.includes(':'))
    return "its Cloudflare endpoint is an IPv6 address, which Cloudflare's guide for IOS XE does not have";
  return earlier.some((other) => other.cloudflareEndpoint === cloudflareEndpoint)
    ? 'another one goes to the same Cloudflare endpoint, by which IOS XE tells keys and profiles apart'
    : undefined;
}

function leftOutTunnel(tunnel: RouterTunnel, earlier: readonly RouterTunnel[]): string[] {
  const reason = reasonAgainst(tunnel, earlier);
  return reason === undefined ? [] : [`Tunnel ${tunnel.label}: ${reason}.`];
}

/** What belongs to a tunnel is called after it. */
function nameOf({ label }: RouterTunnel): string {
  return `cf-${label}`;
}

function interfaceOf({ number }: RouterTunnel): string {
  return `Tunnel${number}`;
}

function ikeCommands(tunnels: readonly RouterTunnel[], { proposals }: RouterSettings): string[] {
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

function ipsecCommands(tunnels: readonly RouterTunnel[], { proposals }: RouterSettings): string[] {
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

function interfaceCommands(tunnel: RouterTunnel, { uplink }: RouterSettings): string[] {
  return [
    `interface ${interfaceOf(tunnel)}`,
    ` description ${nameOf(tunnel)}`,
    ` ip address ${addressAndMask(`${tunnel.routerAddress}/${tunnel.prefixLength}`)}`,
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

/** A CIDR as IOS XE has it: `10.0.0.1 255.255.255.254`. */
function addressAndMask(text: string, word = ''): string {
  const block = parseCidr(text);
  return block === undefined ? '' : `${formatIp(block.address)} ${word}${formatIp(netmask(block))}`;
}

function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  const entries = lanPrefixes.map((prefix, index) => `seq ${5 * (index + 1)} permit ${prefix}`);
  return [
    '! Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    ...(entries.length === 0 ? ['seq 5 deny 0.0.0.0/0 le 32'] : entries).map(
      (entry) => `ip prefix-list ${ANNOUNCED} ${entry}`,
    ),
    '!',
    `router bgp ${first.bgp.customerAsn}`,
    ...tunnels.flatMap(neighborCommands),
    ' address-family ipv4',
    ...(lanPrefixes.length === 0 ? [] : ['  ! Announced only while the router itself has exactly such a route.']),
    ...lanPrefixes.map((prefix) => `  network ${addressAndMask(prefix, 'mask ')}`),
    ...tunnels.flatMap(({ bgp }) => [
      `  neighbor ${bgp.peer} activate`,
      `  neighbor ${bgp.peer} prefix-list ${ANNOUNCED} out`,
    ]),
    ...(tunnels.length > 1 ? [`  maximum-paths ${tunnels.length}`] : []),
    ' exit-address-family',
    '!',
    ...tunnels.filter(isSpeakerOutside).flatMap((tunnel) => staticRoutes([tunnel], [`${tunnel.bgp.peer}/32`])),
  ];
}

function neighborCommands(tunnel: BgpTunnel): string[] {
  const { peer, md5Key } = tunnel.bgp;
  return [
    ` neighbor ${peer} remote-as ${CLOUDFLARE_ASN}`,
    ` neighbor ${peer} description ${nameOf(tunnel)}`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [` neighbor ${peer} password ${md5Key}`]),
    ` neighbor ${peer} update-source ${interfaceOf(tunnel)}`,
    // Cloudflare's hold time on IPsec, and a third of it.
    ` neighbor ${peer} timers 30 90`,
    ...(isSpeakerOutside(tunnel) ? [` neighbor ${peer} ebgp-multihop 2`] : []),
  ];
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
function staticRoutes(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) =>
    tunnels.map((tunnel) => `ip route ${addressAndMask(prefix)} ${interfaceOf(tunnel)}`),
  );
}

/** Why IOS XE cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
function md5KeyIssue(key: string): string | undefined {
  if (/^[0-9]/.test(key)) return 'begins with a digit, which IOS XE does not take';
  if (key.includes(' ')) return 'has a blank, which IOS XE does not keep at either end';
  if (key.length > MAX_MD5_KEY)
    return `is longer than the ${MAX_MD5_KEY} characters that IOS XE takes where it encrypts passwords`;
  return undefined;
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      'Cloudflare recommends request for most routers, and no source says that IOS XE returns the other probes.',
    ),
    ...adviseReplayProtection(
      tunnel,
      false,
      'IOS XE can turn it off, and Cloudflare then need not keep the tunnel on one server: it is for routers that cannot.',
    ),
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'IOS XE', md5KeyIssue),
  ];
}
