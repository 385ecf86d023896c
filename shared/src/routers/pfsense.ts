// pfSense: one phase 1 and one routed phase 2 for each tunnel, and policy routing from the LAN.

import {
  adviseHealthCheckType,
  adviseReplayProtection,
  adviseStaticRouting,
  type RouterAdvisory,
} from './advisories.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { adviseKey, type KeyRule, keySetting } from './key-rules.ts';
import { DEFAULT_ROUTE, missingRouting, remoteNetworks } from './remote-networks.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from './router-tunnel.ts';
import type { Proposals, RouterSettings } from './settings.ts';
import { type Setting, type SettingsStep, step, writeSettingsList } from './settings-list.ts';

/** Phase 1 refuses what is not ASCII, and the daemon is given the key without the blanks at its ends (pfSense's source). */
const KEY_RULE: KeyRule = {
  device: 'pfSense',
  pattern: /^[!-~](?:[ -~]*[!-~])?$/,
  characters: 'printable ASCII with no space at either end',
};

/** pfSense takes off 40 for the headers of IPv4 and TCP. */
const MSS_FIELD = MAX_SEGMENT_SIZE + 40;
const GATEWAY_GROUP = 'CLOUDFLARE';
const NO_BGP = "neither Cloudflare's guide for pfSense nor Netgate documents BGP with Cloudflare over IPsec.";

export const pfsense: RouterDefinition = {
  kind: 'pfsense',
  guidesOf: '2026-08-24',
  sources: [
    'pfSense (Cloudflare WAN, third-party integrations), Cloudflare',
    'GRE and IPsec tunnels (Cloudflare WAN, reference), Cloudflare',
    'Maximum transmission unit and maximum segment size (Cloudflare WAN, reference), Cloudflare',
    'Phase 1 Settings, Phase 2 Settings and Gateway Groups (pfSense documentation), Netgate',
    'vpn_ipsec_phase1.php and ipsec.inc (source of pfSense), Netgate',
  ],
  asks: ['uplink', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'WAN',
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const { tunnels, settings } = input;
  const networks = remoteNetworks(settings);
  const list = writeSettingsList(commentHead(input, pfsense, '#'), [
    ...tunnels.flatMap((tunnel) => [phase1(tunnel, settings), phase2(tunnel, settings), ...interfaceSteps(tunnel)]),
    ...(tunnels.length > 1 ? [gatewayGroup(tunnels)] : []),
    rule('Firewall > Rules > IPsec > Add', 'IPsec', []),
    ...networks.map((network) => lanRule(network, tunnels)),
  ]);
  return {
    files: [
      { name: 'pfsense.txt', language: 'text', purpose: "What to enter on pfSense's pages", content: list.content },
    ],
    leftOut: [
      ...list.leftOut,
      ...missingRouting(input, NO_BGP),
      'Anti-replay: pfSense has no setting that turns it off for a tunnel, so replay protection has to be on at Cloudflare.',
    ],
  };
}

function phase1(tunnel: RouterTunnel, { uplink, proposals }: RouterSettings): SettingsStep {
  return {
    page: 'VPN > IPsec > Tunnels > Add P1',
    tunnel: tunnel.label,
    groups: [
      { heading: 'General Information', settings: [['Description', tunnel.label]] },
      {
        heading: 'IKE Endpoint Configuration',
        settings: [
          ['Key Exchange version', 'IKEv2'],
          ['Internet Protocol', tunnel.cloudflareEndpoint.includes(':') ? 'IPv6' : 'IPv4'],
          ['Interface', uplink ?? 'WAN'],
          ['Remote Gateway', tunnel.cloudflareEndpoint],
        ],
      },
      {
        heading: 'Phase 1 Proposal (Authentication)',
        settings: [
          ['Authentication Method', 'Mutual PSK'],
          ['My identifier', 'User Fully qualified domain name'],
          ['My identifier (text)', tunnel.identities.userFqdn],
          ['Peer identifier', 'Peer IP address'],
          keySetting('Pre-Shared Key', tunnel, KEY_RULE),
        ],
      },
      { heading: 'Phase 1 Proposal (Encryption Algorithm)', settings: IKE_PROPOSAL[proposals] },
      { heading: 'Expiration and Replacement', settings: [['Life Time', String(tunnel.ikeLifetime)]] },
      {
        heading: 'Advanced Options',
        settings: [
          ['Child SA Start Action', 'Initiate at start (VTI or Tunnel Mode)'],
          ['Child SA Close Action', 'Restart/Reconnect'],
          ['NAT Traversal', 'Auto'],
          ['Dead Peer Detection', 'Enable DPD'],
        ],
      },
    ],
  };
}

/** The hash of a cipher that authenticates by itself is the PRF (Phase 1 Settings). */
const IKE_PROPOSAL: Readonly<Record<Proposals, readonly Setting[]>> = {
  strongest: [
    ['Algorithm', 'AES256-GCM'],
    ['Key length', '128 bits'],
    ['Hash', 'SHA384'],
    ['DH Group', '20 (nist ecp384)'],
  ],
  compatible: [
    ['Algorithm', 'AES'],
    ['Key length', '256 bits'],
    ['Hash', 'SHA256'],
    ['DH Group', '20 (nist ecp384)'],
  ],
};

const CHILD_PROPOSAL: Readonly<Record<Proposals, readonly Setting[]>> = {
  strongest: [['Encryption Algorithms', 'AES256-GCM, 128 bits, and no other']],
  compatible: [
    ['Encryption Algorithms', 'AES, 256 bits, and no other'],
    ['Hash Algorithms', 'SHA256, and no other'],
  ],
};

function phase2(tunnel: RouterTunnel, { proposals }: RouterSettings): SettingsStep {
  return {
    page: 'VPN > IPsec > Tunnels > Show Phase 2 Entries > Add P2',
    tunnel: tunnel.label,
    groups: [
      {
        heading: 'General Information',
        settings: [
          ['Description', tunnel.label],
          ['Mode', 'Routed (VTI)'],
        ],
      },
      {
        heading: 'Networks',
        settings: [
          ['Local Network (type)', 'Address'],
          ['Local Network (address)', tunnel.routerAddress],
          ['Remote Network (type)', 'Address'],
          ['Remote Network (address)', tunnel.cloudflareAddress],
        ],
      },
      {
        heading: 'Phase 2 Proposal (SA/Key Exchange)',
        settings: [['Protocol', 'ESP'], ...CHILD_PROPOSAL[proposals], ['PFS key group', '20 (nist ecp384)']],
      },
      { heading: 'Expiration and Replacement', settings: [['Life Time', String(tunnel.childLifetime)]] },
    ],
  };
}

function interfaceSteps(tunnel: RouterTunnel): SettingsStep[] {
  return [
    step(
      'Interfaces > Assignments > Add',
      [['Available network ports', `the ipsec port that is described as ${tunnel.label}`]],
      tunnel.label,
    ),
    step(
      'Interfaces > the one just added',
      [
        ['Enable', 'on'],
        ['Description', interfaceName(tunnel)],
        ['MSS', String(MSS_FIELD)],
      ],
      tunnel.label,
    ),
  ];
}

/** Upper case, as it is in the name of the gateway. */
function interfaceName({ number }: RouterTunnel): string {
  return `CF_${number}`;
}

/** As pfSense names the gateway of such an interface. */
function gatewayName(tunnel: RouterTunnel): string {
  return `${interfaceName(tunnel)}_VTIV4`;
}

function gatewayGroup(tunnels: readonly RouterTunnel[]): SettingsStep {
  return step('System > Routing > Gateway Groups > Add', [
    ['Group Name', GATEWAY_GROUP],
    ...tunnels.map((tunnel, index): Setting => [`Tier of ${gatewayName(tunnel)}`, `Tier ${index + 1}`]),
    ['Trigger Level', 'Member Down'],
  ]);
}

function lanRule(network: string, tunnels: readonly RouterTunnel[]): SettingsStep {
  const [only, ...others] = tunnels.map(gatewayName);
  const gateway = others.length === 0 && only !== undefined ? only : GATEWAY_GROUP;
  const destination = network === DEFAULT_ROUTE ? 'Any' : `Network ${network}`;
  return rule('Firewall > Rules > LAN > Add to the top of the list', 'LAN', [['Gateway', gateway]], destination);
}

function rule(page: string, on: string, advanced: readonly Setting[], destination = 'Any'): SettingsStep {
  const settings: Setting[] = [
    ['Action', 'Pass'],
    ['Interface', on],
    ['Address Family', 'IPv4'],
    ['Protocol', 'Any'],
    ['Source', 'Any'],
    ['Destination', destination],
  ];
  return {
    page,
    groups: [
      { heading: '', settings },
      ...(advanced.length === 0 ? [] : [{ heading: 'Advanced Options', settings: advanced }]),
    ],
  };
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseReplayProtection(
      tunnel,
      true,
      'pfSense cannot turn off its own anti-replay, so it has to be on at Cloudflare too.',
    ),
    ...adviseHealthCheckType(tunnel, 'request', "Cloudflare's guide for pfSense asks for request."),
    ...adviseKey(tunnel, KEY_RULE),
    ...adviseStaticRouting(settings, 'No source documents BGP between pfSense and Cloudflare over IPsec.'),
  ];
}
