// The IKE and child SAs of tunnels and their interfaces, as FortiOS commands.

import { cidr, formatWithNetmask } from '../../ip/cidr.ts';
import { KEY_PLACEHOLDER } from '../configuration.ts';
import { MAX_SEGMENT_SIZE, type RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';
import { config, edit } from './blocks.ts';
import { keyIssue, keyWord, quoted } from './keys.ts';
import { nameOf } from './names.ts';

/** FortiOS has no ESN unless it is asked for. */
const SUITES: Readonly<Record<Proposals, { readonly ike: string; readonly esp: string }>> = {
  strongest: { ike: 'aes256gcm-prfsha384', esp: 'aes256gcm' },
  compatible: { ike: 'aes256-sha256', esp: 'aes256-sha256' },
};

export function ipsecCommands(tunnels: readonly RouterTunnel[], settings: RouterSettings): string[] {
  return [
    ...config(
      'vpn ipsec phase1-interface',
      tunnels.flatMap((tunnel) => edit(nameOf(tunnel), phase1(tunnel, settings))),
    ),
    ...config(
      'vpn ipsec phase2-interface',
      tunnels.flatMap((tunnel) => edit(nameOf(tunnel), phase2(tunnel, settings))),
    ),
  ];
}

function phase1(tunnel: RouterTunnel, { uplink, proposals }: RouterSettings): string[] {
  return [
    'set type static',
    ...(uplink === undefined ? [] : [`set interface ${quoted(uplink)}`]),
    'set ike-version 2',
    `set keylife ${tunnel.ikeLifetime}`,
    'set peertype any',
    'set net-device enable',
    `set proposal ${SUITES[proposals].ike}`,
    'set dhgrp 20',
    'set localid-type fqdn',
    `set localid ${quoted(tunnel.identities.fqdn)}`,
    'set dpd on-idle',
    'set dpd-retryinterval 30',
    'set nattraversal enable',
    `set remote-gw ${tunnel.cloudflareEndpoint}`,
    'set add-gw-route enable',
    ...keyCommands(tunnel),
  ];
}

function keyCommands({ psk }: RouterTunnel): string[] {
  if (psk === undefined) return [`set psksecret ${quoted(KEY_PLACEHOLDER)}`];
  return keyIssue(psk) === undefined ? [`set psksecret ${keyWord(psk)}`] : [];
}

/** `auto-negotiate` brings the tunnel up without traffic: Cloudflare only responds. */
function phase2(tunnel: RouterTunnel, { proposals }: RouterSettings): string[] {
  return [
    `set phase1name ${nameOf(tunnel)}`,
    `set proposal ${SUITES[proposals].esp}`,
    'set pfs enable',
    'set dhgrp 20',
    `set replay ${tunnel.replayProtection ? 'enable' : 'disable'}`,
    `set keylifeseconds ${tunnel.childLifetime}`,
    'set auto-negotiate enable',
    'set keepalive enable',
  ];
}

export function interfaceCommands(tunnels: readonly RouterTunnel[]): string[] {
  return config(
    'system interface',
    tunnels.flatMap((tunnel) =>
      edit(nameOf(tunnel), [
        `set ip ${tunnel.routerAddress} 255.255.255.255`,
        `set remote-ip ${formatWithNetmask(cidr(`${tunnel.cloudflareAddress}/${tunnel.prefixLength}`))}`,
        'set allowaccess ping',
        `set tcp-mss ${MAX_SEGMENT_SIZE}`,
      ]),
    ),
  );
}
