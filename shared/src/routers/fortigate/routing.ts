// BGP with Cloudflare over the tunnels, and routes through them, as FortiOS commands.

import { cidr, formatWithNetmask } from '../../ip/cidr.ts';
import { type BgpTunnel, isSpeakerOutside } from '../bgp-tunnels.ts';
import { CLOUDFLARE_ASN, type RouterTunnel } from '../router-tunnel.ts';
import { config, edit } from './blocks.ts';
import { md5KeyIssue, quoted } from './keys.ts';
import { nameOf } from './names.ts';

const ANNOUNCED = '"cloudflare-out"';

export function bgpCommands(tunnels: readonly BgpTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined) return [];
  return [
    '# Cloudflare calls BGP over IPsec a closed beta, for tests in a lab.',
    ...config('router prefix-list', edit(ANNOUNCED, config('rule', prefixRules(lanPrefixes)))),
    ...config('router bgp', [
      `set as ${first.bgp.customerAsn}`,
      ...(tunnels.length > 1 ? ['set ebgp-multipath enable'] : []),
      ...config(
        'neighbor',
        tunnels.flatMap((tunnel) => edit(quoted(tunnel.bgp.peer), neighbor(tunnel))),
      ),
      // Announced only while the router itself has a route to it, so that nothing is drawn here in vain.
      ...config(
        'network',
        lanPrefixes.flatMap((prefix) => edit('0', [`set prefix ${formatWithNetmask(cidr(prefix))}`])),
      ),
    ]),
  ];
}

function prefixRules(lanPrefixes: readonly string[]): string[] {
  if (lanPrefixes.length === 0) return edit('1', ['set action deny', 'set prefix any']);
  return lanPrefixes.flatMap((prefix, index) =>
    edit(String(index + 1), [`set prefix ${formatWithNetmask(cidr(prefix))}`, 'unset ge', 'unset le']),
  );
}

function neighbor(tunnel: BgpTunnel): string[] {
  const { md5Key } = tunnel.bgp;
  return [
    `set remote-as ${CLOUDFLARE_ASN}`,
    // Cloudflare's hold time on IPsec, and a third of it.
    'set keep-alive-timer 30',
    'set holdtime-timer 90',
    `set interface ${nameOf(tunnel)}`,
    `set update-source ${nameOf(tunnel)}`,
    `set prefix-list-out ${ANNOUNCED}`,
    ...(isSpeakerOutside(tunnel) ? ['set ebgp-enforce-multihop enable'] : []),
    ...(md5Key === undefined || md5KeyIssue(md5Key) ? [] : [`set password ${quoted(md5Key)}`]),
  ];
}

interface Route {
  readonly prefix: string;
  readonly tunnel: RouterTunnel;
}

/** Through all tunnels at once: the routes of one that is down go away with its interface. */
export function routesThrough(tunnels: readonly RouterTunnel[], prefixes: readonly string[]): Route[] {
  return prefixes.flatMap((prefix) => tunnels.map((tunnel) => ({ prefix, tunnel })));
}

export function routeCommands(routes: readonly Route[]): string[] {
  return config(
    'router static',
    routes.flatMap(({ prefix, tunnel }) =>
      edit('0', [`set dst ${formatWithNetmask(cidr(prefix))}`, `set device ${nameOf(tunnel)}`]),
    ),
  );
}
