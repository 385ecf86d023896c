// AWS Transit Gateway: a VPN attachment for each Cloudflare endpoint, whose tunnels AWS starts.

import { parseIpv4 } from '../ip/address.ts';
import { cidr, contains, firstAddress, formatCidr, parseCidr } from '../ip/cidr.ts';
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
import { childLifetimeUpTo, ikeLifetimeUpTo } from './lifetimes.ts';
import { missingRouting, remoteNetworks } from './remote-networks.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';
import { type Setting, type SettingsStep, type SettingValue, step, writeSettingsList } from './settings-list.ts';

const KEY_RULE: KeyRule = {
  device: 'AWS',
  pattern: /^[A-Za-z0-9._]+$/,
  characters: 'letters, digits, full stops and underscores',
  minLength: 8,
  maxLength: 64,
  notFirst: '0',
};

/** What Cloudflare supports of the range that AWS takes its /30 from. */
const INSIDE_RANGE = cidr('169.254.240.0/20');
/** The longest that AWS lets keys last, in seconds. */
const LONGEST_PHASE_1 = 28_800;
const LONGEST_PHASE_2 = 3_600;
const NO_BGP = "Cloudflare's guide for AWS has static routing alone.";

export const aws: RouterDefinition = {
  kind: 'aws',
  guidesOf: '2026-08-24',
  sources: [
    'Amazon AWS Transit Gateway (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels (Cloudflare WAN, reference), Cloudflare',
    'Tunnel options for your AWS Site-to-Site VPN connection (AWS Site-to-Site VPN user guide), AWS',
    'Create a static route in AWS Transit Gateway (Amazon VPC, Transit Gateways), AWS',
  ],
  asks: ['routing', 'remotePrefixes', 'proposals'],
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const connections = tunnelsByEndpoint(tunnels);
  const list = writeSettingsList(commentHead(input, aws, '#'), [
    ...connections.flatMap(({ endpoint, tunnels: own }) => [
      attachment(endpoint),
      ...own.map((tunnel) => tunnelOptions(tunnel, tunnels, settings)),
    ]),
    ...connections
      .slice(0, 1)
      .flatMap(({ endpoint }) => remoteNetworks(settings).map((network) => staticRoute(network, endpoint))),
  ]);
  return {
    files: [{ name: 'aws.txt', language: 'text', purpose: "What to enter in AWS's console", content: list.content }],
    leftOut: [...list.leftOut, ...missingRouting(input, NO_BGP), ...leftOutOf(input, connections)],
  };
}

function leftOutOf({ settings }: RouterInput, connections: readonly EndpointTunnels[]): string[] {
  const hasRoutes = remoteNetworks(settings).length > 0;
  return [
    `The MSS of ${MAX_SEGMENT_SIZE} bytes: no documentation describes a setting for it in AWS.`,
    ...(hasRoutes
      ? ['The route tables of your VPCs: they need the same networks, with the transit gateway as target.']
      : []),
    ...(connections.some(({ tunnels }) => tunnels.length === 1)
      ? ['Second tunnels: AWS makes two for each VPN connection, and at Cloudflare there is one.']
      : []),
    ...(hasRoutes && connections.length > 1
      ? ['Failover: a static route has one attachment, and the list has the first; AWS has no ECMP without BGP.']
      : []),
  ];
}

function attachment(endpoint: string): SettingsStep {
  return step('VPC > Transit gateways > Transit gateway attachments > Create transit gateway attachment', [
    ['Transit gateway ID', 'yours'],
    ['Attachment type', 'VPN'],
    ['Customer Gateway', 'New'],
    ['IP Address', endpoint],
    ['Routing options', 'Static'],
  ]);
}

function tunnelOptions(
  tunnel: RouterTunnel,
  all: readonly RouterTunnel[],
  { proposals }: RouterSettings,
): SettingsStep {
  return step(
    `VPC > Site-to-Site VPN connections > the one to ${tunnel.cloudflareEndpoint} > Actions > Modify VPN tunnel options`,
    [
      ['VPN tunnel outside IP address', outsideAddress(tunnel, all)],
      ['Inside IPv4 CIDR', insideCidr(tunnel)],
      keySetting('Pre-shared key', tunnel, KEY_RULE),
      ...PROPOSAL[proposals],
      ['IKE Version', 'ikev2'],
      ['Phase 1 lifetime (seconds)', ikeLifetimeUpTo(LONGEST_PHASE_1, tunnel)],
      ['Phase 2 lifetime (seconds)', childLifetimeUpTo(LONGEST_PHASE_2, tunnel)],
      ['DPD timeout action', 'Restart'],
      ['Startup action', 'Start'],
    ],
    tunnel.label,
  );
}

/** With GCM no integrity algorithm is negotiated; that of phase 1 is the PRF, and the guide's SHA2-256 stays beside SHA2-384. */
const PROPOSAL: Readonly<Record<Proposals, readonly Setting[]>> = {
  strongest: proposal('AES256-GCM-16', 'SHA2-384, SHA2-256'),
  compatible: proposal('AES256', 'SHA2-256'),
};

function proposal(encryption: string, phase1Integrity: string): readonly Setting[] {
  return [
    ['Phase 1 encryption algorithms', encryption],
    ['Phase 2 encryption algorithms', encryption],
    ['Phase 1 integrity algorithms', phase1Integrity],
    ['Phase 2 integrity algorithms', 'SHA2-256'],
    ['Phase 1 DH group numbers', '20'],
    ['Phase 2 DH group numbers', '20'],
  ];
}

function outsideAddress({ customerEndpoint }: RouterTunnel, all: readonly RouterTunnel[]): SettingValue {
  if (customerEndpoint === undefined)
    return { missing: 'AWS chooses it; enter it as the customer endpoint of the tunnel at Cloudflare' };
  if (all.filter((other) => other.customerEndpoint === customerEndpoint).length > 1)
    return { missing: `AWS has another for each tunnel, and at Cloudflare more than one has ${customerEndpoint}` };
  return customerEndpoint;
}

function insideCidr(tunnel: RouterTunnel): SettingValue {
  const link = parseCidr(`${tunnel.cloudflareAddress}/${tunnel.prefixLength}`);
  const issue = insideAddressIssue(tunnel);
  if (link === undefined || issue !== undefined) return { missing: issue ?? 'the tunnel has no interface address' };
  return formatCidr({ address: firstAddress(link), prefixLength: link.prefixLength });
}

/** Why AWS cannot have the addresses inside the tunnel, as a clause. */
function insideAddressIssue({ cloudflareAddress, prefixLength }: RouterTunnel): string | undefined {
  const address = parseIpv4(cloudflareAddress);
  if (address !== undefined && prefixLength === 30 && contains(INSIDE_RANGE, address)) {
    return isFirstHost(cloudflareAddress)
      ? 'AWS takes the first address of a /30, and this tunnel gives it to Cloudflare'
      : undefined;
  }
  return `AWS takes a /30, of which Cloudflare supports those in ${formatCidr(INSIDE_RANGE)}, and this tunnel has ${cloudflareAddress}/${prefixLength}`;
}

function isFirstHost(address: string): boolean {
  const value = parseIpv4(address)?.value;
  return value !== undefined && value % 4n === 1n;
}

function staticRoute(network: string, endpoint: string): SettingsStep {
  return step('VPC > Transit gateway route tables > yours > Actions > Create static route', [
    ['CIDR', network],
    ['Type', 'Active'],
    ['Choose attachment', `the VPN attachment to ${endpoint}`],
  ]);
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseReplayProtection(tunnel, true, 'AWS cannot turn it off on its side, so it has to be on at both ends.'),
    ...adviseHealthCheckType(tunnel, 'request', "Cloudflare's guide for AWS asks for request."),
    ...adviseCustomerEndpoint(
      tunnel,
      'AWS identifies itself by the outside address of its tunnel, which Cloudflare has to know.',
    ),
    ...adviseInsideAddress(tunnel),
    ...adviseKey(tunnel, KEY_RULE),
    ...adviseStaticRouting(settings, "Cloudflare's guide for AWS documents no BGP."),
  ];
}

/** Of a fitting /30 the other address is certain; another range is for a person to choose. */
function adviseInsideAddress(tunnel: RouterTunnel): readonly RouterAdvisory[] {
  const issue = insideAddressIssue(tunnel);
  if (issue === undefined) return [];
  const message = `This tunnel's interface address does not suit: ${issue}.`;
  const { routerAddress, cloudflareAddress, prefixLength } = tunnel;
  const router = parseIpv4(routerAddress);
  const isOnlySwapped =
    prefixLength === 30 && isFirstHost(cloudflareAddress) && router !== undefined && contains(INSIDE_RANGE, router);
  if (!isOnlySwapped) return [{ message }];
  const swapped = `${routerAddress}/30`;
  return [{ message, fix: { label: `Change it to ${swapped}`, values: { interface_address: swapped } } }];
}
