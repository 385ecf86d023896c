// VyOS, whose commands are pasted in configuration mode: strongSwan and FRR under one command line.

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
import { toBase64 } from './encodings.ts';
import { CLOUDFLARE_ASN, MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';

/** With GCM strongSwan leaves the hash aside, but VyOS takes no proposal without one. ESN is off unless asked for. */
const SUITES: Readonly<
  Record<Proposals, { readonly encryption: string; readonly hash: string; readonly prf: string }>
> = {
  strongest: { encryption: 'aes256gcm128', hash: 'sha384', prf: 'prfsha384' },
  compatible: { encryption: 'aes256', hash: 'sha256', prf: 'prfsha256' },
};

/** The window that VyOS has by default, in packets. */
const REPLAY_WINDOW = 32;
const ANNOUNCED = 'CLOUDFLARE-OUT';
/** What FRR and Linux take. */
const MAX_MD5_KEY = 80;

export const vyos: RouterDefinition = {
  kind: 'vyos',
  guidesOf: '2026-08-24',
  sources: [
    'VyOS (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels, Traffic steering, MSS clamping (Cloudflare WAN), Cloudflare',
    'IPsec Site-to-Site VPN, IPsec General Information, VTI, BGP, Static, Policy (User Guide of VyOS 1.5), VyOS',
  ],
  asks: ['uplink', 'isBehindNat', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'eth0',
  uplinkPattern: /^[a-z]+[0-9]+(?:\.[0-9]{1,4}){0,2}$/,
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const withBgp = settings.routing === 'bgp' ? tunnelsOfOneAsn(tunnels) : [];
  const lines = [
    '#',
    '# Enter configure, paste this, look at it with compare, then enter commit and save.',
    ...generalCommands(settings),
    ...tunnels.flatMap((tunnel) => tunnelCommands(tunnel, settings)),
    ...bgpCommands(withBgp, settings.lanPrefixes),
    ...(settings.routing === 'static' ? staticRoutes(tunnels, settings.remotePrefixes) : []),
  ];
  return {
    files: [
      {
        name: 'vyos.txt',
        language: 'commands',
        purpose: 'To paste in the configuration mode of VyOS',
        content: commentHead(input, vyos, '#') + lines.map((line) => `${line}\n`).join(''),
      },
    ],
    leftOut: [
      ...tunnels.flatMap(leftOutOfHealthCheck),
      ...(settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : []),
    ],
  };
}

function generalCommands({ uplink }: RouterSettings): string[] {
  return [
    ...(uplink === undefined ? [] : [`set vpn ipsec interface '${uplink}'`]),
    '# The VTIs take the traffic: routes of strongSwan itself would send all of it into one tunnel.',
    'set vpn ipsec options disable-route-autoinstall',
  ];
}

function tunnelCommands(tunnel: RouterTunnel, settings: RouterSettings): string[] {
  return [
    `# Tunnel ${tunnel.label}`,
    ...interfaceCommands(tunnel),
    ...ikeCommands(tunnel, settings),
    ...espCommands(tunnel, settings),
    ...keyCommands(tunnel),
    ...peerCommands(tunnel, settings),
  ];
}

/** What belongs to a tunnel is called after it. */
function nameOf({ label }: RouterTunnel): string {
  return `cf-${label}`;
}

function interfaceOf({ number }: RouterTunnel): string {
  return `vti${number}`;
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

function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  return [
    '# Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    ...prefixList(lanPrefixes),
    `set protocols bgp system-as '${first.bgp.customerAsn}'`,
    ...tunnels.flatMap(neighborCommands),
    ...(lanPrefixes.length === 0 ? [] : ['# VyOS announces these whether or not it has a route to them.']),
    ...lanPrefixes.map((prefix) => `set protocols bgp address-family ipv4-unicast network ${prefix}`),
  ];
}

function prefixList(lanPrefixes: readonly string[]): string[] {
  const rule = (number: number) => `set policy prefix-list ${ANNOUNCED} rule ${number}`;
  if (lanPrefixes.length === 0)
    return [`${rule(10)} action 'deny'`, `${rule(10)} prefix '0.0.0.0/0'`, `${rule(10)} le '32'`];
  return lanPrefixes.flatMap((prefix, index) => [
    `${rule(10 * (index + 1))} action 'permit'`,
    `${rule(10 * (index + 1))} prefix '${prefix}'`,
  ]);
}

function neighborCommands(tunnel: BgpTunnel): string[] {
  const { peer, md5Key } = tunnel.bgp;
  const neighbor = `set protocols bgp neighbor ${peer}`;
  return [
    `${neighbor} remote-as '${CLOUDFLARE_ASN}'`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [`${neighbor} password '${md5Key}'`]),
    `${neighbor} update-source '${tunnel.routerAddress}'`,
    // Cloudflare's hold time on IPsec, and a third of it.
    `${neighbor} timers holdtime '90'`,
    `${neighbor} timers keepalive '30'`,
    `${neighbor} address-family ipv4-unicast prefix-list export '${ANNOUNCED}'`,
    ...(isSpeakerOutside(tunnel)
      ? [`${neighbor} ebgp-multihop '2'`, `set protocols static route ${peer}/32 interface ${interfaceOf(tunnel)}`]
      : []),
  ];
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
function staticRoutes(tunnels: readonly RouterTunnel[], remotePrefixes: readonly string[]): string[] {
  return remotePrefixes.flatMap((prefix) =>
    tunnels.map((tunnel) => `set protocols static route ${prefix} interface ${interfaceOf(tunnel)}`),
  );
}

/** Why VyOS cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
function md5KeyIssue(key: string): string | undefined {
  if (key.includes("'")) return 'has an apostrophe, where VyOS ends a value';
  if (key.includes('\\')) return 'has a backslash, which VyOS does not keep as it is (T1001)';
  if (key.includes(' ')) return 'has a blank, where FRR ends it';
  if (key.length > MAX_MD5_KEY) return `is longer than the ${MAX_MD5_KEY} characters that FRR and Linux take`;
  return undefined;
}

function leftOutOfHealthCheck({ label, healthCheck }: RouterTunnel): string[] {
  return healthCheck.enabled && healthCheck.type === 'reply'
    ? [`Health checks of ${label}: they are of type reply, which VyOS drops as Linux does, and no source changes that.`]
    : [];
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      'VyOS is Linux, which drops such probes: their source is its own address.',
    ),
    ...adviseReplayProtection(
      tunnel,
      false,
      'VyOS can do without it, and Cloudflare then need not keep the tunnel on one server: it is for routers that cannot turn it off.',
    ),
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'VyOS', md5KeyIssue),
  ];
}
