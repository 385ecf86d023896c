// Fortinet FortiGate: route-based tunnels and the policies that let traffic through them, as FortiOS commands.

import {
  adviseBgp,
  adviseHealthCheckType,
  adviseMd5Key,
  adviseReplayProtection,
  type RouterAdvisory,
} from './advisories.ts';
import { isSpeakerOutside, leftOutOfBgp, tunnelsOfOneAsn } from './bgp-tunnels.ts';
import { commentHead, type RouterConfiguration, type RouterDefinition, type RouterInput } from './configuration.ts';
import { interfaceCommands, ipsecCommands } from './fortigate/ipsec.ts';
import { keyIssue, md5KeyIssue } from './fortigate/keys.ts';
import { healthCheckCommands, policyCommands } from './fortigate/policies.ts';
import { bgpCommands, routeCommands, routesThrough } from './fortigate/routing.ts';
import { besideOwnDefault, leftOutOfRoutes, remoteNetworks } from './remote-networks.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

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
      ...routesThrough(tunnels, besideOwnDefault(remoteNetworks(settings))),
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
      ...leftOutOfRoutes(settings),
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
