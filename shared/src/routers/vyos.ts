// VyOS, whose commands are pasted in configuration mode: strongSwan and FRR under one command line.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { besideOwnDefault, leftOutOfEndpoints, leftOutOfRoutes, remoteNetworks } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';
import { generalCommands, tunnelCommands } from './vyos/ipsec.ts';
import { bgpCommands, md5KeyIssue, staticRoutes } from './vyos/routing.ts';

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
    ...staticRoutes(tunnels, besideOwnDefault(remoteNetworks(settings))),
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
      ...leftOutOfRoutes(settings),
      ...leftOutOfEndpoints(tunnels, settings),
      ...(settings.routing === 'bgp' ? leftOutOfBgp(tunnels, withBgp, md5KeyIssue) : []),
    ],
  };
}

function leftOutOfHealthCheck({ label, healthCheck }: RouterTunnel): string[] {
  return healthCheck.enabled && healthCheck.type === 'reply'
    ? [
        `Health checks of ${label}: they are of type reply, which VyOS drops as Linux does; its guide has no command against it.`,
      ]
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
