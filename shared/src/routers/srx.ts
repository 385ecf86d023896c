// Juniper SRX: commands for the configuration mode of Junos.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { leftOutOfBgp, tunnelsWithBgp } from './bgp-tunnels.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { leftOutOfEndpoints, leftOutOfRoutes } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';
import { ipsecCommands, ZONE } from './srx/ipsec.ts';
import { md5KeyIssue, routingCommands } from './srx/routing.ts';

export const srx: RouterDefinition = {
  kind: 'srx',
  guidesOf: '2026-08-24',
  sources: [
    'Juniper Networks SRX Series Firewalls, GRE and IPsec tunnels, Traffic steering; Cloudflare',
    'IPsec VPN User Guide: proposal, policy, gateway, prf-algorithm, dead-peer-detection; Juniper Networks',
    'BGP User Guide: group, local-as, authentication-key, multihop; Juniper Networks',
    'CLI User Guide: load set, commit confirmed; Juniper Networks',
  ],
  asks: ['uplink', 'isBehindNat', 'localAddress', 'lanPrefixes', 'routing', 'remotePrefixes', 'proposals'],
  uplinkExample: 'ge-0/0/0.0',
  // A logical interface: the unit is part of its name.
  uplinkPattern: /^[a-z]+(?:-\d+\/\d+\/\d+(?::\d+)?|\d*)\.\d+$/,
  configure,
  adviseOn,
};

function configure(input: RouterInput): RouterConfiguration {
  const body = [
    ...(input.settings.proposals === 'strongest'
      ? ['# A release that refuses aes-256-gcm in IKE needs the compatible proposals.']
      : []),
    ...ipsecCommands(input),
    ...routingCommands(input),
  ];
  return {
    files: [
      {
        name: 'junos.set',
        language: 'commands',
        purpose: 'For configuration mode: load set junos.set, then commit confirmed',
        content: `${commentHead(input, srx, '#')}${body.map((line) => `${line}\n`).join('')}`,
      },
    ],
    leftOut: [...leftOutOfSecurity(input.settings), ...leftOutOfRouting(input)],
  };
}

const BALANCING =
  'Balancing over the tunnels: Junos sends all traffic over one of several next hops without a forwarding-table policy.';

function leftOutOfSecurity({ uplink }: RouterSettings): string[] {
  return [
    `Security policies between the zone ${ZONE} and the zones of your networks: Junos drops what none of them permits.`,
    `IKE on ${uplink ?? 'the uplink'}: its zone is yours, and must have it in host-inbound-traffic system-services.`,
    ...(uplink === undefined ? ['The external interface of the IKE gateways: no uplink was given.'] : []),
  ];
}

function leftOutOfRouting({ tunnels, settings }: RouterInput): string[] {
  if (settings.routing === 'static') {
    return [
      ...leftOutOfRoutes(settings),
      ...leftOutOfEndpoints(tunnels, settings),
      ...(tunnels.length > 1 ? [BALANCING] : []),
    ];
  }
  const withBgp = tunnelsWithBgp(tunnels);
  return [
    ...leftOutOfBgp(tunnels, withBgp, md5KeyIssue),
    ...(withBgp.length === 0
      ? []
      : [
          "The router's own AS number, routing-options autonomous-system: Juniper advises to set it before local-as, and to leave local-as out where both are the same.",
          ...(withBgp.length > 1 ? [BALANCING] : []),
          ...(settings.lanPrefixes.length === 0
            ? ['Networks to announce by BGP: none behind the router were given.']
            : []),
        ]),
  ];
}

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      "Cloudflare's guide for the SRX sets request: a stateful firewall drops replies that nobody asked for.",
    ),
    ...adviseReplayProtection(
      tunnel,
      false,
      'An SRX can do without it, as the guide has it; Cloudflare then need not keep the tunnel on one server.',
    ),
    ...adviseBgp(tunnel, settings),
    ...adviseMd5Key(tunnel, settings, 'Junos', md5KeyIssue),
  ];
}
