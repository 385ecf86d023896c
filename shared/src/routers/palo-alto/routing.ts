// Static routes or BGP in a virtual router of PAN-OS.

import { type BgpTunnel, endpointsOf, isSpeakerOutside, tunnelsOfOneAsn } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { objectName } from '../object-names.ts';
import { besideOwnDefault, remoteNetworks } from '../remote-networks.ts';
import { CLOUDFLARE_ASN, type RouterTunnel } from '../router-tunnel.ts';
import { md5KeyIssue } from './keys.ts';
import { interfaceAddress, tunnelInterface, VIRTUAL_ROUTER, ZONE } from './names.ts';

const ROUTER = `set network virtual-router ${VIRTUAL_ROUTER}`;
const BGP = `${ROUTER} protocol bgp`;
const GROUP = `${BGP} peer-group ${ZONE}`;
/** PAN-OS' own metric for the first tunnel, and how much more each other has. */
const METRIC_STEP = 10;
/** The largest that fits into the two bytes that PAN-OS has by default. */
const MAX_SHORT_ASN = 65_535;

/** None where there is nothing to route. */
export function routingCommands({ tunnels, settings }: RouterInput): string[] {
  return settings.routing === 'bgp'
    ? bgpCommands(tunnelsOfOneAsn(tunnels), settings.lanPrefixes)
    : staticRoutes(tunnels, besideOwnDefault(remoteNetworks(settings)));
}

function staticRoutes(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): string[] {
  if (prefixes.length === 0) return [];
  return [
    '# What is reached through Cloudflare: a route goes while pings through its tunnel fail, which also keep it up',
    ...tunnels.flatMap((tunnel, place) =>
      prefixes.flatMap((prefix, index) =>
        staticRoute(tunnel, `cf-${tunnel.number}-${index + 1}`, prefix, METRIC_STEP * (place + 1)),
      ),
    ),
  ];
}

function staticRoute(tunnel: RouterTunnel, name: string, prefix: string, metric: number): string[] {
  const route = `${ROUTER} routing-table ip static-route ${name}`;
  const monitor = `${route} path-monitor`;
  return [
    `${route} destination ${prefix}`,
    `${route} interface ${tunnelInterface(tunnel)}`,
    `${route} nexthop ip-address ${tunnel.cloudflareAddress}`,
    `${route} metric ${metric}`,
    `${monitor} enable yes`,
    `${monitor} monitor-destinations ${ZONE} enable yes`,
    `${monitor} monitor-destinations ${ZONE} source ${interfaceAddress(tunnel)}`,
    `${monitor} monitor-destinations ${ZONE} destination ${tunnel.cloudflareAddress}`,
  ];
}

function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  return [
    '# BGP. Cloudflare calls it a closed beta over IPsec, for tests in a lab.',
    `# Should it announce a default route, keep routes through the uplink to ${endpointsOf(tunnels)}.`,
    '# The virtual router has one router ID and one AS number: leave the next two lines out where it has its own.',
    `${BGP} router-id ${first.routerAddress}`,
    `${BGP} local-as ${first.bgp.customerAsn}`,
    ...(first.bgp.customerAsn > MAX_SHORT_ASN ? [`${BGP} routing-options as-format 4-byte`] : []),
    `${BGP} install-route yes`,
    // It is rejected by default, and Cloudflare may well announce one.
    `${BGP} reject-default-route no`,
    `${BGP} enable yes`,
    `${GROUP} type ebgp remove-private-as no`,
    `${GROUP} enable yes`,
    ...tunnels.flatMap(peerCommands),
    ...lanPrefixes.map((prefix) => `${BGP} redist-rules ${prefix} enable yes`),
    ...policy('import', lanPrefixes, 'deny', 'allow'),
    ...policy('export', lanPrefixes, 'allow', 'deny'),
  ];
}

function peerCommands(tunnel: BgpTunnel): string[] {
  const { bgp } = tunnel;
  const name = objectName(tunnel);
  const peer = `${GROUP} peer ${name}`;
  const isWritable = bgp.md5Key !== undefined && md5KeyIssue(bgp.md5Key) === undefined;
  return [
    ...(isWritable ? [`${BGP} auth-profile ${name} secret "${bgp.md5Key}"`] : []),
    `${peer} peer-as ${CLOUDFLARE_ASN}`,
    `${peer} local-address interface ${tunnelInterface(tunnel)} ip ${interfaceAddress(tunnel)}`,
    `${peer} peer-address ip ${bgp.peer}`,
    `${peer} connection-options hold-time 90`,
    `${peer} connection-options keep-alive-interval 30`,
    // Even without the key: a commit that is refused is seen, a session that stays down is not.
    ...(bgp.md5Key === undefined ? [] : [`${peer} connection-options authentication ${name}`]),
    `${peer} enable yes`,
    ...(isSpeakerOutside(tunnel) ? speakerRoute(tunnel) : []),
  ];
}

/** To a BGP speaker of Cloudflare's outside the tunnel's subnet. */
function speakerRoute(tunnel: BgpTunnel): string[] {
  const route = `${ROUTER} routing-table ip static-route cf-${tunnel.number}-bgp`;
  return [
    `${route} destination ${tunnel.bgp.peer}/32`,
    `${route} interface ${tunnelInterface(tunnel)}`,
    `${route} nexthop ip-address ${tunnel.cloudflareAddress}`,
  ];
}

/** What is done with the networks behind the router, and what with all others. */
function policy(
  direction: 'import' | 'export',
  lanPrefixes: readonly string[],
  action: 'allow' | 'deny',
  otherwise: 'allow' | 'deny',
): string[] {
  const lan = `${BGP} policy ${direction} rules ${ZONE}-lan`;
  const rest = `${BGP} policy ${direction} rules ${ZONE}-rest`;
  return [
    ...(lanPrefixes.length === 0
      ? []
      : [
          `${lan} enable yes`,
          `${lan} used-by ${ZONE}`,
          ...lanPrefixes.map((prefix) => `${lan} match address-prefix ${prefix} exact yes`),
          `${lan} action ${action}`,
        ]),
    `${rest} enable yes`,
    `${rest} used-by ${ZONE}`,
    `${rest} match route-table unicast`,
    `${rest} action ${otherwise}`,
  ];
}
