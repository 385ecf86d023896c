// Palo Alto Networks: commands for the configuration mode of PAN-OS.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { type BgpTunnel, leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { objectName } from './object-names.ts';
import { ipsecCommands } from './palo-alto/ipsec.ts';
import { md5KeyIssue, preSharedKeyIssue } from './palo-alto/keys.ts';
import { VIRTUAL_ROUTER, ZONE } from './palo-alto/names.ts';
import { routingCommands } from './palo-alto/routing.ts';
import { leftOutOfEndpoints, leftOutOfRoutes } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

export const paloAlto: RouterDefinition = {
  kind: 'palo-alto',
  guidesOf: '2026-08-24',
  sources: [
    'Palo Alto Networks NGFW, GRE and IPsec tunnels, Traffic steering; Cloudflare',
    'Network > Network Profiles > IKE Crypto, Define IPSec Crypto Profiles; Palo Alto Networks',
    'TCP MSS adjustment for IPSec traffic; Palo Alto Networks Knowledge Base',
    'IKE gateway, IPSec tunnel, virtual router and static route in pan-os-codegen; Palo Alto Networks',
    'IronSkillet, for comments between set commands; Palo Alto Networks',
  ],
  asks: ['uplink', 'isBehindNat', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'ethernet1/1',
  uplinkPattern: /^(?:(?:ethernet\d+\/\d+|ae\d+)(?:\.\d+)?|(?:vlan|loopback)\.\d+)$/,
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const body = [
    ...(input.settings.proposals === 'strongest'
      ? ['# IKE has AES-GCM from PAN-OS 10.0.3 on; an older one needs the compatible proposals.']
      : []),
    ...ipsecCommands(input),
    ...routingCommands(input),
  ];
  return {
    files: [
      {
        name: 'pan-os.txt',
        language: 'commands',
        purpose: 'For configuration mode, after set cli scripting-mode on: paste it, then commit',
        content: `${commentHead(input, paloAlto, '#')}${body.map((line) => `${line}\n`).join('')}`,
      },
    ],
    leftOut: [...leftOutOfSecurity(input), ...leftOutOfRouting(input)],
  };
}

function leftOutOfSecurity({ tunnels, settings }: RouterInput): string[] {
  return [
    `Security policies between the zone ${ZONE} and the zones of your networks: PAN-OS drops what none of them allows.`,
    'The local address of the IKE gateways: PAN-OS needs it where the uplink has several, with its prefix length.',
    ...(settings.uplink === undefined ? ['The interface of the IKE gateways: no uplink was given.'] : []),
    ...tunnels.flatMap(({ label, psk }) => {
      const issue = psk === undefined ? undefined : preSharedKeyIssue(psk);
      return issue === undefined
        ? []
        : [`The pre-shared key of ${label}: it ${issue}. Enter it in Network > Network Profiles > IKE Gateways.`];
    }),
  ];
}

function leftOutOfRouting({ tunnels, settings }: RouterInput): string[] {
  const engine = `Advanced Routing: the commands are for the virtual router ${VIRTUAL_ROUTER}, which a firewall has without it.`;
  if (settings.routing === 'static')
    return [engine, ...leftOutOfRoutes(settings), ...leftOutOfEndpoints(tunnels, settings)];
  const withSession = tunnelsOfOneAsn(tunnels);
  return [
    engine,
    ...leftOutOfBgp(tunnels, withSession, md5KeyIssue),
    ...withSession.flatMap(leftOutAuthProfile),
    ...(withSession.length > 0 && settings.lanPrefixes.length === 0
      ? ['Networks to announce by BGP: none behind the router were given.']
      : []),
  ];
}

function leftOutAuthProfile(tunnel: BgpTunnel): string[] {
  const { md5Key } = tunnel.bgp;
  return md5Key === undefined || md5KeyIssue(md5Key) === undefined
    ? []
    : [`The auth profile ${objectName(tunnel)} of BGP: enter it with the MD5 key, or PAN-OS refuses the commit.`];
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      "Cloudflare's guide for Palo Alto Networks sets request: a stateful firewall drops replies that nobody asked for.",
    ),
    ...adviseReplayProtection(
      tunnel,
      false,
      'PAN-OS can do without it, as the guide has it; Cloudflare then need not keep the tunnel on one server.',
    ),
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'PAN-OS', md5KeyIssue),
    ...advisePreSharedKey(tunnel),
  ];
}

/** Without a button: a key is generated or entered on a page of its own. */
function advisePreSharedKey({ psk }: RouterTunnel): readonly RouterAdvisory[] {
  const issue = psk === undefined ? undefined : preSharedKeyIssue(psk);
  return issue === undefined
    ? []
    : [
        {
          message: `The pre-shared key of this tunnel ${issue}. Generate another one, or enter it on the firewall's page.`,
        },
      ];
}
