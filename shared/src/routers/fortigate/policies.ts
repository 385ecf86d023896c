// What FortiGate lets through: traffic between the networks behind it and Cloudflare, and Cloudflare's health checks.

import { cidr, formatWithNetmask } from '../../ip/cidr.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import { config, edit } from './blocks.ts';
import { quoted } from './keys.ts';
import { addressName, nameOf } from './names.ts';

/** Between the networks behind the router and Cloudflare, each way, whatever interfaces they are on. */
export function policyCommands(tunnels: readonly RouterTunnel[], lanPrefixes: readonly string[]): string[] {
  const [first] = tunnels;
  if (first === undefined || lanPrefixes.length === 0) return [];
  const interfaces = tunnels.map(nameOf).join(' ');
  const lan = lanPrefixes.map(addressName).join(' ');
  const out = [`set srcintf "any"`, `set dstintf ${interfaces}`, `set srcaddr ${lan}`, 'set dstaddr "all"'];
  const back = [`set srcintf ${interfaces}`, `set dstintf "any"`, 'set srcaddr "all"', `set dstaddr ${lan}`];
  return [
    ...config(
      'firewall address',
      lanPrefixes.flatMap((prefix) => edit(addressName(prefix), [`set subnet ${formatWithNetmask(cidr(prefix))}`])),
    ),
    '# All services both ways: narrow them down as your own rules ask for. Entry 0 is the next free number.',
    ...config('firewall policy', [
      ...edit('0', policy(`cf-${first.shortLabel}-out`, out)),
      ...edit('0', policy(`cf-${first.shortLabel}-in`, back)),
    ]),
  ];
}

function policy(name: string, between: readonly string[]): string[] {
  return [
    `set name ${quoted(name)}`,
    ...between,
    'set action accept',
    'set schedule "always"',
    'set service "ALL"',
    // Cloudflare's packets come from many servers, out of order.
    'set anti-replay disable',
  ];
}

export function healthCheckCommands(tunnels: readonly RouterTunnel[]): string[] {
  if (!tunnels.some(({ healthCheck }) => healthCheck.enabled)) return [];
  return [
    "# Cloudflare's guide asks for it: health checks fail without it. It holds for the whole VDOM.",
    ...config('system settings', ['set asymroute-icmp enable']),
  ];
}
