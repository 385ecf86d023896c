// BGP with Cloudflare over the tunnels, or static routes through them, as commands of VyOS.

import { type BgpTunnel, endpointsOf, isSpeakerOutside } from '../bgp-tunnels.ts';
import { CLOUDFLARE_ASN, type RouterTunnel } from '../router-tunnel.ts';
import { interfaceOf } from './names.ts';

const ANNOUNCED = 'CLOUDFLARE-OUT';
/** What FRR and Linux take. */
const MAX_MD5_KEY = 80;

export function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  return [
    '# Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    `# Should it announce a default route, keep routes through the uplink to ${endpointsOf(tunnels)}.`,
    ...prefixList(lanPrefixes),
    `set protocols bgp system-as '${first.bgp.customerAsn}'`,
    ...tunnels.flatMap(neighborCommands),
    ...(lanPrefixes.length === 0 ? [] : ['# VyOS announces these whether or not it has a route to them.']),
    ...lanPrefixes.map((prefix) => `set protocols bgp address-family ipv4-unicast network ${prefix}`),
  ];
}

function prefixList(lanPrefixes: readonly string[]): string[] {
  const rule = (number: number) => `set policy prefix-list ${ANNOUNCED} rule ${number}`;
  if (lanPrefixes.length === 0)
    return [`${rule(10)} action 'deny'`, `${rule(10)} prefix '0.0.0.0/0'`, `${rule(10)} le '32'`];
  return lanPrefixes.flatMap((prefix, index) => [
    `${rule(10 * (index + 1))} action 'permit'`,
    `${rule(10 * (index + 1))} prefix '${prefix}'`,
  ]);
}

function neighborCommands(tunnel: BgpTunnel): string[] {
  const { peer, md5Key } = tunnel.bgp;
  const neighbor = `set protocols bgp neighbor ${peer}`;
  return [
    `${neighbor} remote-as '${CLOUDFLARE_ASN}'`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [`${neighbor} password '${md5Key}'`]),
    `${neighbor} update-source '${tunnel.routerAddress}'`,
    // Cloudflare's hold time on IPsec, and a third of it.
    `${neighbor} timers holdtime '90'`,
    `${neighbor} timers keepalive '30'`,
    `${neighbor} address-family ipv4-unicast prefix-list export '${ANNOUNCED}'`,
    ...(isSpeakerOutside(tunnel)
      ? [`${neighbor} ebgp-multihop '2'`, `set protocols static route ${peer}/32 interface ${interfaceOf(tunnel)}`]
      : []),
  ];
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
export function staticRoutes(tunnels: readonly RouterTunnel[], remotePrefixes: readonly string[]): string[] {
  return remotePrefixes.flatMap((prefix) =>
    tunnels.map((tunnel) => `set protocols static route ${prefix} interface ${interfaceOf(tunnel)}`),
  );
}

/** Why VyOS cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
export function md5KeyIssue(key: string): string | undefined {
  if (key.includes("'")) return 'has an apostrophe, where VyOS ends a value';
  if (key.includes('\\')) return 'has a backslash, which VyOS does not keep as it is (T1001)';
  if (key.includes(' ')) return 'has a blank, where FRR ends it';
  if (key.length > MAX_MD5_KEY) return `is longer than the ${MAX_MD5_KEY} characters that FRR and Linux take`;
  return undefined;
}
