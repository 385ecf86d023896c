// Ubiquiti UniFi: a route-based site-to-site VPN for each tunnel, which identifies itself by its address.

import { firstAddress, formatCidr, parseCidr } from '../ip/cidr.ts';
import {
  adviseCustomerEndpoint,
  adviseHealthCheckType,
  adviseStaticRouting,
  type RouterAdvisory,
} from './advisories.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { adviseKey, type KeyRule, keySetting } from './key-rules.ts';
import { childLifetimeUpTo, ikeLifetimeUpTo } from './lifetimes.ts';
import { DEFAULT_ROUTE, missingRouting, remoteNetworks } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';
import { type Setting, type SettingsStep, type SettingValue, step, writeSettingsList } from './settings-list.ts';

const KEY_RULE: KeyRule = {
  device: 'UniFi',
  pattern: /^[!#-&(-~]+$/,
  characters: 'printable ASCII without spaces and quotation marks',
};

/** Both lifetimes of the guide, in seconds. */
const LIFETIME = 28_800;
const MTU = '1436';
const NO_BGP = "neither Cloudflare's guide for UniFi nor Ubiquiti documents BGP with Cloudflare over IPsec.";

export const unifi: RouterDefinition = {
  kind: 'unifi',
  guidesOf: '2026-08-24',
  sources: [
    'Ubiquiti UniFi (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels (Cloudflare WAN, reference), Cloudflare',
    "Fields of a network in UniFi Network's API (as listed by go-unifi), Ubiquiti",
  ],
  asks: ['uplink', 'isBehindNat', 'routing', 'remotePrefixes'],
  uplinkExample: 'WAN1',
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const networks = remoteNetworks(settings);
  const list = writeSettingsList(commentHead(input, unifi, '#'), [
    ...tunnels.map((tunnel, index) => vpn(tunnel, settings, index === 0 ? networks : [])),
    ...(networks.includes(DEFAULT_ROUTE) ? tunnels.slice(0, 1).map(policyRoute) : []),
  ]);
  return {
    files: [{ name: 'unifi.txt', language: 'text', purpose: "What to enter on UniFi's pages", content: list.content }],
    leftOut: [...list.leftOut, ...missingRouting(input, NO_BGP), ...leftOutOf(input)],
  };
}

function leftOutOf({ tunnels, settings }: RouterInput): string[] {
  const isPairWithRoutes = tunnels.length > 1 && remoteNetworks(settings).length > 0;
  return [
    "AES-256-GCM: Cloudflare's guide for UniFi has AES-256 with SHA-256 and group 14 alone, and so has the list.",
    `The MSS: no documentation says where UniFi clamps it for a VPN; the list has the guide's MTU of ${MTU}.`,
    'Dead peer detection and anti-replay: no documentation describes a setting for them in UniFi.',
    ...(isPairWithRoutes
      ? [
          'Failover: no documentation says how two VPNs share remote networks, so only the first has those behind Cloudflare.',
        ]
      : []),
  ];
}

function vpn(tunnel: RouterTunnel, settings: RouterSettings, networks: readonly string[]): SettingsStep {
  const remote = networks.filter((network) => network !== DEFAULT_ROUTE);
  return {
    page: 'Settings > VPN > Site-to-Site VPN > Create New',
    tunnel: tunnel.label,
    groups: [
      {
        heading: '',
        settings: [
          ['VPN Type', 'IPsec'],
          ['Name', tunnel.label],
          keySetting('Pre-shared key', tunnel, KEY_RULE),
          ['Local IP', settings.uplink ?? 'WAN1'],
          ['Remote IP', tunnel.cloudflareEndpoint],
          ['VPN Method', 'Route Based'],
          ['Tunnel IP', `${tunnel.routerAddress}/${tunnel.prefixLength}`],
          ...[interfaceSubnet(tunnel), ...remote].map((network): Setting => ['Remote Networks', network]),
        ],
      },
      { heading: 'Advanced', settings: advanced(tunnel, settings) },
    ],
  };
}

function advanced(tunnel: RouterTunnel, settings: RouterSettings): Setting[] {
  return [
    ['Key Exchange Version', 'IKEv2'],
    ['IKE Encryption', 'AES-256'],
    ['IKE Hash', 'SHA256'],
    ['IKE DH Group', '14'],
    ['IKE Lifetime', ikeLifetimeUpTo(LIFETIME, tunnel)],
    ['ESP Encryption', 'AES-256'],
    ['ESP Hash', 'SHA256'],
    ['ESP DH Group', '14'],
    ['ESP Lifetime', childLifetimeUpTo(LIFETIME, tunnel)],
    ['PFS', 'Enabled'],
    ['Local Authentication ID', localId(tunnel, settings)],
    ['Remote Authentication ID', tunnel.cloudflareEndpoint],
    ['MTU', MTU],
  ];
}

/** Auto is the address of the uplink, which behind NAT is another than the one Cloudflare knows the router by. */
function localId({ customerEndpoint }: RouterTunnel, { isBehindNat }: RouterSettings): SettingValue {
  if (!isBehindNat) return 'Auto';
  return customerEndpoint ?? { missing: 'behind NAT it is the customer endpoint, which this tunnel does not have' };
}

function interfaceSubnet({ cloudflareAddress, prefixLength }: RouterTunnel): string {
  const link = parseCidr(`${cloudflareAddress}/${prefixLength}`);
  return link === undefined ? '' : formatCidr({ address: firstAddress(link), prefixLength });
}

/** A default route among the remote networks would take the router's own traffic to Cloudflare into the tunnel. */
function policyRoute({ label }: RouterTunnel): SettingsStep {
  return step('Settings > Policy Table > Create New Policy', [
    ['Policy', 'Route'],
    ['Name', `${label}-internet`],
    ['Type', 'Policy-Based'],
    ['Interface/VPN Tunnel', label],
    ['Kill Switch', 'Enabled'],
    ['Source', 'Device/Network, those that reach the internet through Cloudflare'],
    ['Destination', 'Any'],
  ]);
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseCustomerEndpoint(tunnel, 'UniFi identifies itself by its public address, which Cloudflare has to know.'),
    ...adviseHealthCheckType(tunnel, 'request', "Cloudflare's guide for UniFi asks for request."),
    ...adviseKey(tunnel, KEY_RULE),
    ...adviseStaticRouting(settings, 'No source documents BGP between UniFi and Cloudflare over IPsec.'),
  ];
}
