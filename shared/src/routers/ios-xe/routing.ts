// BGP with Cloudflare over the tunnels, or static routes through them, as commands of IOS XE.

import { cidr, formatWithNetmask } from '../../ip/cidr.ts';
import { type BgpTunnel, endpointsOf, isSpeakerOutside } from '../bgp-tunnels.ts';
import { CLOUDFLARE_ASN, type RouterTunnel } from '../router-tunnel.ts';
import { interfaceOf, nameOf } from './names.ts';

const ANNOUNCED = 'CLOUDFLARE-OUT';
/** What IOS XE takes with `service password-encryption` on. */
const MAX_MD5_KEY = 25;

export function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  const entries = lanPrefixes.map((prefix, index) => `seq ${5 * (index + 1)} permit ${prefix}`);
  return [
    '! Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    `! Should it announce a default route, keep routes through the uplink to ${endpointsOf(tunnels)}.`,
    ...(entries.length === 0 ? ['seq 5 deny 0.0.0.0/0 le 32'] : entries).map(
      (entry) => `ip prefix-list ${ANNOUNCED} ${entry}`,
    ),
    '!',
    `router bgp ${first.bgp.customerAsn}`,
    ...tunnels.flatMap(neighborCommands),
    ' address-family ipv4',
    ...(lanPrefixes.length === 0 ? [] : ['  ! Announced only while the router itself has exactly such a route.']),
    ...lanPrefixes.map((prefix) => `  network ${formatWithNetmask(cidr(prefix), ' mask ')}`),
    ...tunnels.flatMap(({ bgp }) => [
      `  neighbor ${bgp.peer} activate`,
      `  neighbor ${bgp.peer} prefix-list ${ANNOUNCED} out`,
    ]),
    ...(tunnels.length > 1 ? [`  maximum-paths ${tunnels.length}`] : []),
    ' exit-address-family',
    '!',
    ...tunnels.filter(isSpeakerOutside).flatMap((tunnel) => staticRoutes([tunnel], [`${tunnel.bgp.peer}/32`])),
  ];
}

function neighborCommands(tunnel: BgpTunnel): string[] {
  const { peer, md5Key } = tunnel.bgp;
  return [
    ` neighbor ${peer} remote-as ${CLOUDFLARE_ASN}`,
    ` neighbor ${peer} description ${nameOf(tunnel)}`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [` neighbor ${peer} password ${md5Key}`]),
    ` neighbor ${peer} update-source ${interfaceOf(tunnel)}`,
    // Cloudflare's hold time on IPsec, and a third of it.
    ` neighbor ${peer} timers 30 90`,
    ...(isSpeakerOutside(tunnel) ? [` neighbor ${peer} ebgp-multihop 2`] : []),
  ];
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
export function staticRoutes(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) =>
    tunnels.map((tunnel) => `ip route ${formatWithNetmask(cidr(prefix))} ${interfaceOf(tunnel)}`),
  );
}

/** Why IOS XE cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
export function md5KeyIssue(key: string): string | undefined {
  if (/^[0-9]/.test(key)) return 'begins with a digit, which IOS XE does not take';
  if (key.includes(' ')) return 'has a blank, which IOS XE does not keep at either end';
  if (key.length > MAX_MD5_KEY)
    return `is longer than the ${MAX_MD5_KEY} characters that IOS XE takes where it encrypts passwords`;
  return undefined;
}
