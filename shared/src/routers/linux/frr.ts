// BGP with Cloudflare over the tunnels, in FRR.

import { type BgpTunnel, isSpeakerOutside } from '../bgp-tunnels.ts';
import { CLOUDFLARE_ASN } from '../router-tunnel.ts';

/** Linux's TCP_MD5SIG_MAXKEYLEN, and FRR's own. */
const MAX_MD5_KEY = 80;

/** Why FRR cannot have the MD5 key, as the end of a sentence; `undefined` where it can. */
export function md5KeyIssue(key: string): string | undefined {
  if (key.includes(' ')) return 'has a blank, where FRR ends it';
  if (key.length > MAX_MD5_KEY) return `is longer than the ${MAX_MD5_KEY} characters that FRR and Linux take`;
  return undefined;
}

/** The prefixes that the configuration of that name announces, and the route-map that lets out no others. */
export function prefixListName(name: string): string {
  return `${name}-out`;
}

/** For `vtysh -f`, of tunnels with one customer ASN: it adds to what runs, and replaces nothing of it but its own. Empty where no tunnel has BGP. */
export function frrConf(name: string, tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string {
  const [first] = tunnels;
  if (first === undefined) return '';
  const incoming = `${name}-in`;
  const outgoing = prefixListName(name);
  const announced = lanPrefixes.map((prefix, index) => `seq ${5 * (index + 1)} permit ${prefix}`);
  const lines = [
    '! Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    '! Without route-maps FRR exchanges nothing with a neighbour in another AS (RFC 8212).',
    ...(announced.length === 0 ? ['seq 5 deny any'] : announced).map((entry) => `ip prefix-list ${outgoing} ${entry}`),
    `route-map ${incoming} permit 10`,
    'exit',
    `route-map ${outgoing} permit 10`,
    ` match ip address prefix-list ${outgoing}`,
    'exit',
    `router bgp ${first.bgp.customerAsn}`,
    ...tunnels.flatMap(neighbour),
    ' address-family ipv4 unicast',
    '  ! Announced only while the router itself has a route to it, so that nothing is drawn here in vain.',
    ...lanPrefixes.map((prefix) => `  network ${prefix}`),
    ...tunnels.flatMap(({ bgp }) => [
      `  neighbor ${bgp.peer} activate`,
      `  neighbor ${bgp.peer} route-map ${incoming} in`,
      `  neighbor ${bgp.peer} route-map ${outgoing} out`,
    ]),
    ' exit-address-family',
    'exit',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function neighbour(tunnel: BgpTunnel): string[] {
  const { bgp, label, routerAddress } = tunnel;
  const { peer, md5Key } = bgp;
  return [
    ` neighbor ${peer} remote-as ${CLOUDFLARE_ASN}`,
    ` neighbor ${peer} description ${label}`,
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [` neighbor ${peer} password ${md5Key}`]),
    ...(isSpeakerOutside(tunnel) ? [` neighbor ${peer} ebgp-multihop 2`] : []),
    ` neighbor ${peer} update-source ${routerAddress}`,
    // Cloudflare's hold time on IPsec, and a third of it.
    ` neighbor ${peer} timers 30 90`,
    // Else the next attempt after a failed one is two minutes away.
    ` neighbor ${peer} timers connect 10`,
  ];
}
