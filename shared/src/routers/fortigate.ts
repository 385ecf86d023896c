// Fortinet FortiGate: route-based tunnels and the policies that let traffic through them, as FortiOS commands.

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
import { config, edit } from './fortigate/blocks.ts';
import { keyIssue, keyWord, md5KeyIssue, quoted } from './fortigate/keys.ts';
import { CLOUDFLARE_ASN, MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';

/** FortiOS has no ESN unless it is asked for. */
const SUITES: Readonly<Record<Proposals, { readonly ike: string; readonly esp: string }>> = {
  strongest: { ike: 'aes256gcm-prfsha384', esp: 'aes256gcm' },
  compatible: { ike: 'aes256-sha256', esp: 'aes256-sha256' },
};

const ANNOUNCED = '"cloudflare-out"';

export const fortigate: RouterDefinition = {
  kind: 'fortigate',
  guidesOf: '2026-08-24',
  sources: [
    'Fortinet (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels, Traffic steering, MSS clamping (Cloudflare WAN), Cloudflare',
    'CLI Reference (FortiOS 7.4): vpn ipsec, system interface, firewall policy, router bgp, router static; Fortinet',
    'Administration Guide (FortiOS 7.4): Pre-shared key, BGP neighbor password, CLI basics; Fortinet',
    'Technical Tips: psksecret starting with 0x, TCP-MSS setting under system interface; Fortinet',
  ],
  asks: ['uplink', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'wan1',
  uplinkPattern: /^[a-z0-9][a-z0-9._/-]{0,14}$/i,
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { settings } = input;
  const tunnels = input.tunnels.filter(isOverIpv4);
  const withBgp = settings.routing === 'bgp' ? tunnelsOfOneAsn(tunnels) : [];
  const lines = [
    '#',
    '# Upload this at System > Configuration > Scripts, or paste it in the CLI; in the VDOM of the uplink.',
    ...ipsecCommands(tunnels, settings),
    ...interfaceCommands(tunnels),
    ...policyCommands(tunnels, settings.lanPrefixes),
    ...healthCheckCommands(tunnels),
    ...bgpCommands(withBgp, settings.lanPrefixes),
    ...routeCommands([
      ...(settings.routing === 'static' ? routesThrough(tunnels, settings.remotePrefixes) : []),
      ...withBgp.filter(isSpeakerOutside).flatMap((tunnel) => routesThrough([tunnel], [`${tunnel.bgp.peer}/32`])),
    ]),
  ];
  return {
    files: [
      {
        name: 'fortigate.conf',
        language: 'commands',
        purpose: 'FortiOS commands, to upload as a script or to paste in the CLI',
        content: commentHead(input, fortigate, '#') + lines.map((line) => `${line}\n`).join(''),
      },
    ],
    leftOut: [
      ...input.tunnels.filter((tunnel) => !isOverIpv4(tunnel)).map(leftOutOverIpv6),
      ...leftOutOfSettings(settings),
      ...tunnels.flatMap(leftOutOfKey),
      ...(settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : []),
    ],
  };
}

/** The guide has a remote gateway of IPv4. */
function isOverIpv4({ cloudflareEndpoint }: RouterTunnel): boolean {
  return !cloudflareEndpoint.includes(':');
}

function leftOutOverIpv6({ label }: RouterTunnel): string {
  return `Tunnel ${label}: its Cloudflare endpoint is an IPv6 address, which Cloudflare's guide for FortiGate does not have.`;
}

function leftOutOfSettings({ uplink, lanPrefixes }: RouterSettings): string[] {
  return [
    ...(uplink === undefined ? ['The interface of the tunnels: no uplink was named, and FortiOS asks for one.'] : []),
    ...(lanPrefixes.length === 0
      ? ['Firewall policies: no networks behind the router were named, and FortiGate forwards nothing without any.']
      : []),
  ];
}

function leftOutOfKey({ label, psk }: RouterTunnel): string[] {
  const issue = psk === undefined ? undefined : keyIssue(psk);
  return issue === undefined ? [] : [`The pre-shared key of ${label}: it ${issue}. Generate another one.`];
}

/** Phase 1, phase 2 and the interface of a tunnel: at most 15 characters, as FortiOS has it. */
function nameOf({ shortLabel }: RouterTunnel): string {
  return quoted(`cf-${shortLabel}`);
}

function ipsecCommands(tunnels: readonly RouterTunnel[], settings: RouterSettings): string[] {
  return [
    ...config(
      'vpn ipsec phase1-interface',
      tunnels.flatMap((tunnel) => edit(nameOf(tunnel), phase1(tunnel, settings))),
    ),
    ...config(
      'vpn ipsec phase2-interface',
      tunnels.flatMap((tunnel) => edit(nameOf(tunnel), phase2(tunnel, settings))),
    ),
  ];
}

function phase1(tunnel: RouterTunnel, { uplink, proposals }: RouterSettings): string[] {
  return [
    'set type static',
    ...(uplink === undefined ? [] : [`set interface ${quoted(uplink)}`]),
    'set ike-version 2',
    `set keylife ${tunnel.ikeLifetime}`,
    'set peertype any',
    'set net-device enable',
    `set proposal ${SUITES[proposals].ike}`,
    'set dhgrp 20',
    'set localid-type fqdn',
    `set localid ${quoted(tunnel.identities.fqdn)}`,
    'set dpd on-idle',
    'set dpd-retryinterval 30',
    'set nattraversal enable',
    `set remote-gw ${tunnel.cloudflareEndpoint}`,
    'set add-gw-route enable',
    ...keyCommands(tunnel),
  ];
}

function keyCommands({ psk }: RouterTunnel): string[] {
  if (psk === undefined) return [`set psksecret ${quoted(KEY_PLACEHOLDER)}`];
  return keyIssue(psk) === undefined ? [`set psksecret ${keyWord(psk)}`] : [];
}

/** `auto-negotiate` brings the tunnel up without traffic: Cloudflare only responds. */
function phase2(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  return [
    `set phase1name ${nameOf(tunnel)}`,
    `set proposal ${SUITES[proposals].esp}`,
    'set pfs enable',
    'set dhgrp 20',
    `set replay ${tunnel.replayProtection ? 'enable' : 'disable'}`,
    `set keylifeseconds ${tunnel.childLifetime}`,
    'set auto-negotiate enable',
    'set keepalive enable',
  ];
}

function interfaceCommands(tunnels: readonly RouterTunnel[]): string[] {
  return config(
    'system interface',
    tunnels.flatMap((tunnel) =>
      edit(nameOf(tunnel), [
        `set ip ${tunnel.routerAddress} 255.255.255.255`,
        `set remote-ip ${addressAndMask(`${tunnel.cloudflareAddress}/${tunnel.prefixLength}`)}`,
        'set allowaccess ping',
        `set tcp-mss ${MAX_SEGMENT_SIZE}`,
      ]),
    ),
  );
}

/** A CIDR as FortiOS has it: `10.0.0.1 255.255.255.254`. */
function addressAndMask(text: string): string {
  const block = parseCidr(text);
  return block === undefined ? '' : `${formatIp(block.address)} ${formatIp(netmask(block))}`;
}

function addressName(prefix: string): string {
  return quoted(`cf-lan-${prefix.replace('/', '_')}`);
}

/** Between the networks behind the router and Cloudflare, each way, whatever interfaces they are on. */
function policyCommands(tunnels: readonly RouterTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined || lanPrefixes.length === 0) return [];
  const interfaces = tunnels.map(nameOf).join(' ');
  const lan = lanPrefixes.map(addressName).join(' ');
  const out = [`set srcintf "any"`, `set dstintf ${interfaces}`, `set srcaddr ${lan}`, 'set dstaddr "all"'];
  const back = [`set srcintf ${interfaces}`, `set dstintf "any"`, 'set srcaddr "all"', `set dstaddr ${lan}`];
  return [
    ...config(
      'firewall address',
      lanPrefixes.flatMap((prefix) => edit(addressName(prefix), [`set subnet ${addressAndMask(prefix)}`])),
    ),
    '# All services both ways: narrow them down as your own rules ask for. Entry 0 is the next free number.',
    ...config('firewall policy', [
      ...edit('0', policy(`cf-${first.shortLabel}-out`, out)),
      ...edit('0', policy(`cf-${first.shortLabel}-in`, back)),
    ]),
  ];
}

function policy(name: string, between: readonly string[]): string[] {
  return [
    `set name ${quoted(name)}`,
    ...between,
    'set action accept',
    'set schedule "always"',
    'set service "ALL"',
    // Cloudflare's packets come from many servers, out of order.
    'set anti-replay disable',
  ];
}

function healthCheckCommands(tunnels: readonly RouterTunnel[]): string[] {
  if (!tunnels.some(({ healthCheck }) => healthCheck.enabled)) return [];
  return [
    "# Cloudflare's guide asks for it: health checks fail without it. It holds for the whole VDOM.",
    ...config('system settings', ['set asymroute-icmp enable']),
  ];
}

function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  return [
    '# Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    ...config('router prefix-list', edit(ANNOUNCED, config('rule', prefixRules(lanPrefixes)))),
    ...config('router bgp', [
      `set as ${first.bgp.customerAsn}`,
      ...(tunnels.length > 1 ? ['set ebgp-multipath enable'] : []),
      ...config(
        'neighbor',
        tunnels.flatMap((tunnel) => edit(quoted(tunnel.bgp.peer), neighbor(tunnel))),
      ),
      // Announced only while the router itself has a route to it, so that nothing is drawn here in vain.
      ...config(
        'network',
        lanPrefixes.flatMap((prefix) => edit('0', [`set prefix ${addressAndMask(prefix)}`])),
      ),
    ]),
  ];
}

function prefixRules(lanPrefixes: readonly string[]): string[] {
  if (lanPrefixes.length === 0) return edit('1', ['set action deny', 'set prefix any']);
  return lanPrefixes.flatMap((prefix, index) =>
    edit(String(index + 1), [`set prefix ${addressAndMask(prefix)}`, 'unset ge', 'unset le']),
  );
}

function neighbor(tunnel: BgpTunnel): string[] {
  const { md5Key } = tunnel.bgp;
  return [
    `set remote-as ${CLOUDFLARE_ASN}`,
    // Cloudflare's hold time on IPsec, and a third of it.
    'set keep-alive-timer 30',
    'set holdtime-timer 90',
    `set interface ${nameOf(tunnel)}`,
    `set update-source ${nameOf(tunnel)}`,
    `set prefix-list-out ${ANNOUNCED}`,
    ...(isSpeakerOutside(tunnel) ? ['set ebgp-enforce-multihop enable'] : []),
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [`set password ${quoted(md5Key)}`]),
  ];
}

interface Route {
  readonly prefix: string;
  readonly tunnel: RouterTunnel;
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
function routesThrough(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): Route[] {
  return prefixes.flatMap((prefix) => tunnels.map((tunnel) => ({ prefix, tunnel })));
}

function routeCommands(routes: readonly Route[]): string[] {
  return config(
    'router static',
    routes.flatMap(({ prefix, tunnel }) =>
      edit('0', [`set dst ${addressAndMask(prefix)}`, `set device ${nameOf(tunnel)}`]),
    ),
  );
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  const issue = tunnel.psk === undefined ? undefined : keyIssue(tunnel.psk);
  return [
    ...adviseHealthCheckType(tunnel, 'request', "Cloudflare's guide for FortiGate asks for request."),
    ...adviseReplayProtection(
      tunnel,
      false,
      'FortiGate can turn it off, and Cloudflare then need not keep the tunnel on one server: it is for routers that cannot.',
    ),
    ...(issue === undefined ? [] : [{ message: `The pre-shared key of this tunnel ${issue}. Generate another one.` }]),
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'FortiGate', md5KeyIssue),
  ];
}
