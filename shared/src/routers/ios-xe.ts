// Cisco IOS XE: route-based tunnels by IKEv2, as commands of its configuration mode.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { ikeCommands, interfaceCommands, ipsecCommands } from './ios-xe/ipsec.ts';
import { bgpCommands, md5KeyIssue, staticRoutes } from './ios-xe/routing.ts';
import { besideOwnDefault, leftOutOfEndpoints, leftOutOfRoutes, remoteNetworks } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

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
    ...staticRoutes(tunnels, besideOwnDefault(remoteNetworks(settings))),
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
      ...leftOutOfRoutes(settings),
      ...leftOutOfEndpoints(tunnels, settings),
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

function adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[] {
  return [
    ...adviseHealthCheckType(
      tunnel,
      'request',
      'Cloudflare recommends request for most routers, and no documentation says that IOS XE returns the other probes.',
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
