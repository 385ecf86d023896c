// Static routes or BGP in Junos.

import { type BgpTunnel, endpointsOf, isSpeakerOutside, tunnelsWithBgp } from '../bgp-tunnels.ts';
import type { RouterInput } from '../configuration.ts';
import { besideOwnDefault, remoteNetworks } from '../remote-networks.ts';
import { CLOUDFLARE_ASN, type RouterTunnel } from '../router-tunnel.ts';
import { ZONE } from './ipsec.ts';

const IN = `${ZONE}-in`;
const OUT = `${ZONE}-out`;
const LAN = `${ZONE}-lan`;
const GROUP = `set protocols bgp group ${ZONE}`;
/** Junos' own limit. */
const MAX_MD5_KEY = 126;

/** None where there is nothing to route. */
export function routingCommands({ tunnels, settings }: RouterInput): string[] {
  return settings.routing === 'bgp'
    ? bgpCommands(tunnelsWithBgp(tunnels), settings.lanPrefixes)
    : staticRoutes(tunnels, besideOwnDefault(remoteNetworks(settings)));
}

/** Why the MD5 key cannot be written for Junos, as the end of a sentence; `undefined` where it can. */
export function md5KeyIssue(key: string): string | undefined {
  if (/^\$\d\$/.test(key)) return 'begins as keys do that Junos has encrypted';
  if (key.includes('\\')) return 'has a backslash, and no documentation tells how Junos reads one in quotes';
  if (key.length > MAX_MD5_KEY) return `is longer than the ${MAX_MD5_KEY} characters that Junos takes`;
  return undefined;
}

function staticRoutes(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): string[] {
  if (prefixes.length === 0) return [];
  return [
    '# What is reached through Cloudflare',
    ...prefixes.flatMap((prefix) =>
      tunnels.map(
        ({ cloudflareAddress }) => `set routing-options static route ${prefix} next-hop ${cloudflareAddress}`,
      ),
    ),
  ];
}

function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  if (tunnels.length === 0) return [];
  return [
    '# BGP. Cloudflare calls it a closed beta over IPsec, for tests in a lab.',
    `# Should it announce a default route, keep routes through the uplink to ${endpointsOf(tunnels)}.`,
    ...lanPrefixes.map((prefix) => `set policy-options prefix-list ${LAN} ${prefix}`),
    ...policy(IN, lanPrefixes, 'reject', 'accept'),
    ...policy(OUT, lanPrefixes, 'accept', 'reject'),
    `${GROUP} type external`,
    `${GROUP} peer-as ${CLOUDFLARE_ASN}`,
    `${GROUP} hold-time 90`,
    `${GROUP} import ${IN}`,
    `${GROUP} export ${OUT}`,
    ...(tunnels.length > 1 ? [`${GROUP} multipath`] : []),
    ...tunnels.flatMap(neighborCommands),
  ];
}

/** What is done with the networks behind the router, and what with all others. */
function policy(
  name: string,
  lanPrefixes: readonly string[],
  then: 'accept' | 'reject',
  otherwise: 'accept' | 'reject',
): string[] {
  const statement = `set policy-options policy-statement ${name}`;
  return [
    ...(lanPrefixes.length === 0
      ? []
      : [`${statement} term lan from prefix-list ${LAN}`, `${statement} term lan then ${then}`]),
    `${statement} term rest then ${otherwise}`,
  ];
}

function neighborCommands(tunnel: BgpTunnel): string[] {
  const { bgp, cloudflareAddress, routerAddress } = tunnel;
  const { customerAsn, md5Key, peer } = bgp;
  const neighbor = `${GROUP} neighbor ${peer}`;
  return [
    `${neighbor} local-address ${routerAddress}`,
    `${neighbor} local-as ${customerAsn}`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [`${neighbor} authentication-key "${md5Key}"`]),
    ...(isSpeakerOutside(tunnel)
      ? [`${neighbor} multihop ttl 2`, `set routing-options static route ${peer}/32 next-hop ${cloudflareAddress}`]
      : []),
  ];
}
