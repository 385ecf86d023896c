// Azure VPN Gateway: a local network gateway and a connection for each Cloudflare endpoint, which Azure starts.

import { parseIpv4 } from '../ip/address.ts';
import {
  adviseCustomerEndpoint,
  adviseHealthCheckType,
  adviseReplayProtection,
  adviseStaticRouting,
  type RouterAdvisory,
} from './advisories.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { type EndpointTunnels, tunnelsByEndpoint } from './endpoints.ts';
import { adviseKey, type KeyRule, keySetting } from './key-rules.ts';
import { besideOwnDefault, missingRouting, remoteNetworks } from './remote-networks.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';
import { type Setting, type SettingsStep, step, writeSettingsList } from './settings-list.ts';

const KEY_RULE: KeyRule = {
  device: 'Azure',
  pattern: /^[!-,.-}]+$/,
  characters: 'printable ASCII without spaces, hyphens and tildes',
  maxLength: 128,
};

const DPD_TIMEOUT = '45';
const NO_BGP = "Cloudflare's guide for Azure VPN Gateway turns it off on both objects.";

export const azure: RouterDefinition = {
  kind: 'azure',
  guidesOf: '2026-08-24',
  sources: [
    'Azure VPN Gateway (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels (Cloudflare WAN, reference), Cloudflare',
    'Configure custom IPsec/IKE connection policies for S2S VPN: Azure portal (Azure VPN Gateway), Microsoft',
    'Tutorial: Create a site-to-site VPN connection in the Azure portal (Azure VPN Gateway), Microsoft',
    'VPN Gateway FAQ (Azure VPN Gateway), Microsoft',
  ],
  asks: ['routing', 'remotePrefixes', 'proposals'],
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const connections = tunnelsByEndpoint(tunnels);
  const isActiveActive = connections.some(({ tunnels: own }) => own.length > 1);
  // Azure takes no default route as an address space, but its two halves.
  const networks = besideOwnDefault(remoteNetworks(settings));
  const list = writeSettingsList(commentHead(input, azure, '#'), [
    gatewayMode(isActiveActive),
    ...connections.flatMap((connection, index) => [
      localNetworkGateway(connection, index === 0 ? networks : []),
      vpnConnection(connection, settings),
    ]),
  ]);
  return {
    files: [{ name: 'azure.txt', language: 'text', purpose: "What to enter in Azure's portal", content: list.content }],
    leftOut: [...list.leftOut, ...missingRouting(input, NO_BGP), ...leftOutOf(input, connections)],
  };
}

function leftOutOf({ settings }: RouterInput, connections: readonly EndpointTunnels[]): string[] {
  return [
    `The MSS of ${MAX_SEGMENT_SIZE} bytes: no documentation describes a setting for it in Azure.`,
    'The IKE lifetime: Azure has 28,800 seconds and no setting for it.',
    "Anti-replay on Azure's side: only Azure's API turns it off, so replay protection has to be on at Cloudflare.",
    ...connections.filter(hasDifferentKeys).map(differentKeys),
    ...(connections.length > 1
      ? ["Active-active mode: Cloudflare's guide has both tunnels on one Cloudflare endpoint, and these have two."]
      : []),
    ...(connections.length > 1 && remoteNetworks(settings).length > 0
      ? ['Networks on the second connection: Azure takes no address space that another connection has too.']
      : []),
  ];
}

/** The two tunnels of an active-active gateway are one connection, with one key. */
function hasDifferentKeys({ tunnels }: EndpointTunnels): boolean {
  return new Set(tunnels.map(({ psk }) => psk)).size > 1;
}

function differentKeys({ endpoint }: EndpointTunnels): string {
  return `The key of the second tunnel to ${endpoint}: Azure has one key for both; give both tunnels the first one's.`;
}

function gatewayMode(isActiveActive: boolean): SettingsStep {
  return step('Virtual network gateways > yours > Configuration', [
    ['Active-active mode', isActiveActive ? 'Enabled' : 'Disabled'],
    ['Gateway Private IPs', 'Disabled'],
  ]);
}

function localNetworkGateway({ endpoint, tunnels }: EndpointTunnels, networks: readonly string[]): SettingsStep {
  const probes = tunnels.map(({ cloudflareAddress }) => `${cloudflareAddress}/32`);
  return {
    page: 'Local network gateways > Create',
    groups: [
      {
        heading: 'Basics',
        settings: [
          ['Name', gatewayName(tunnels[0])],
          ['Endpoint', 'IP address'],
          ['IP address', endpoint],
          ...[...probes, ...networks].map((space): Setting => ['Address Space(s)', space]),
        ],
      },
      { heading: 'Advanced', settings: [['Configure BGP settings', 'No']] },
    ],
  };
}

function gatewayName({ label }: RouterTunnel): string {
  return `cloudflare-${label}`;
}

function vpnConnection({ tunnels: [first] }: EndpointTunnels, settings: RouterSettings): SettingsStep {
  const name = gatewayName(first);
  return {
    page: 'Virtual network gateways > yours > Connections > Add',
    groups: [
      {
        heading: 'Basics',
        settings: [
          ['Connection type', 'Site-to-site (IPsec)'],
          ['Name', name],
        ],
      },
      {
        heading: 'Settings',
        settings: [
          ['Virtual network gateway', 'yours'],
          ['Local network gateway', name],
          keySetting('Shared key (PSK)', first, KEY_RULE),
          ['IKE Protocol', 'IKEv2'],
          ['Use Azure Private IP Address', 'Disabled'],
          ['Enable BGP', 'Disabled'],
          ['IPsec / IKE policy', 'Custom'],
          ...POLICY[settings.proposals],
          ['IPsec SA lifetime in KiloBytes', '0'],
          ['IPsec SA lifetime in seconds', String(first.childLifetime)],
          ['Use policy based traffic selector', 'Disable'],
          ['DPD timeout in seconds', DPD_TIMEOUT],
          ['Connection mode', 'InitiatorOnly'],
          ['Use custom traffic selectors', 'Disabled'],
        ],
      },
    ],
  };
}

const POLICY: Readonly<Record<Proposals, readonly Setting[]>> = {
  strongest: policy('GCMAES256', 'SHA384', 'GCMAES256'),
  compatible: policy('AES256', 'SHA256', 'SHA256'),
};

function policy(encryption: string, prf: string, ipsecIntegrity: string): readonly Setting[] {
  return [
    ['IKE Phase 1, Encryption', encryption],
    ['IKE Phase 1, Integrity/PRF', prf],
    ['IKE Phase 1, DH Group', 'ECP384'],
    ['IKE Phase 2(IPsec), IPsec Encryption', encryption],
    ['IKE Phase 2(IPsec), IPsec Integrity', ipsecIntegrity],
    ['IKE Phase 2(IPsec), PFS Group', 'ECP384'],
  ];
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseInterfaceAddress(tunnel),
    ...adviseReplayProtection(tunnel, true, "Only Azure's API can turn it off on its side, so it has to be on here."),
    ...adviseHealthCheckType(tunnel, 'reply', "Cloudflare's guide for Azure VPN Gateway asks for reply."),
    ...adviseCustomerEndpoint(tunnel, 'Azure identifies itself by its public address, which Cloudflare has to know.'),
    ...adviseTarget(tunnel),
    ...adviseKey(tunnel, KEY_RULE),
    ...adviseStaticRouting(settings, "Cloudflare's guide for Azure VPN Gateway documents no BGP."),
  ];
}

function adviseInterfaceAddress(tunnel: RouterTunnel): readonly RouterAdvisory[] {
  const { cloudflareAddress, routerAddress, prefixLength } = tunnel;
  if (prefixLength !== 31)
    return [{ message: `Azure needs a /31 inside the tunnel, and this one has ${cloudflareAddress}/${prefixLength}.` }];
  const cloudflare = parseIpv4(cloudflareAddress);
  if (cloudflare === undefined || cloudflare.value % 2n === 1n) return [];
  const upper = `${routerAddress}/31`;
  return [
    {
      message: `Azure takes the lower address of a /31, and this tunnel gives ${cloudflareAddress} to Cloudflare.`,
      fix: { label: `Change it to ${upper}`, values: { interface_address: upper } },
    },
  ];
}

/** Azure has no address inside the tunnel that could answer. */
function adviseTarget({ healthCheck, customerEndpoint }: RouterTunnel): readonly RouterAdvisory[] {
  if (!healthCheck.enabled || customerEndpoint === undefined || healthCheck.target === customerEndpoint) return [];
  return [
    {
      message: `This tunnel's health check has ${healthCheck.target ?? 'no target of its own'}. For Azure its target is the customer endpoint.`,
      fix: { label: `Change it to ${customerEndpoint}`, values: { 'health_check/target': customerEndpoint } },
    },
  ];
}
