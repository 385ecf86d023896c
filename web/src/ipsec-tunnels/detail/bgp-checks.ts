// What to check where a tunnel works and its BGP session does not, with the commands of a Linux router with FRR.

import type { ShownState } from '@tunnel-desk/shared/health/states';
import { formatIp, parseIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { CLOUDFLARE_ASN } from '@tunnel-desk/shared/routers/router-tunnel';

export interface Speakers {
  /** What the router must peer with. */
  readonly cloudflare: string | undefined;
  readonly router: string | undefined;
}

/** The speakers as Cloudflare tells them, else the two addresses of the tunnel's link (Cloudflare's guide names no other). */
export function speakersOf({ interface_address, bgp_status }: IpsecTunnel): Speakers {
  const link = parseCidr(interface_address);
  const peer = link && peerAddress(link);
  return {
    cloudflare: addressIn(bgp_status?.cf_speaker_ip) ?? (link && formatIp(link.address)),
    router: addressIn(bgp_status?.customer_speaker_ip) ?? (peer && formatIp(peer)),
  };
}

/** It goes into commands that people copy: nothing but an address does. */
function addressIn(text: string | undefined): string | undefined {
  const ip = text === undefined ? undefined : parseIp(text);
  return ip && formatIp(ip);
}

export interface BgpCheck {
  readonly what: string;
  /** What the command shows where this is it. */
  readonly sign: string;
  readonly command: string;
}

export type BgpDiagnosis =
  /** Nothing can be wrong with BGP alone while the tunnel is down. */
  { readonly kind: 'tunnel-first' } | { readonly kind: 'checks'; readonly checks: readonly BgpCheck[] };

/** A session takes less to come up, in milliseconds: hold time and one attempt to connect. */
const ESTABLISHING_MS = 120_000;

/** `undefined` where the session is up, has no state, or is just being established. `now` in milliseconds since the epoch. */
export function diagnoseBgp(tunnel: IpsecTunnel, state: ShownState | undefined, now: number): BgpDiagnosis | undefined {
  const { bgp, bgp_status } = tunnel;
  if (bgp === undefined || bgp_status === undefined || bgp_status.state === 'BGP_UP') return undefined;
  const age = now - Date.parse(bgp_status.updated_at ?? '');
  if (bgp_status.state === 'BGP_ESTABLISHING' && age < ESTABLISHING_MS) return undefined;
  if (state === 'down') return { kind: 'tunnel-first' };
  const { cloudflare: peer, router } = speakersOf(tunnel);
  if (peer === undefined) return undefined;
  return {
    kind: 'checks',
    checks: [
      // Where TCP connects, the way there, the neighbour's address and the MD5 key are right.
      ...(bgp_status.tcp_established === true ? [] : connectionChecks(peer, router, bgp.md5_key !== undefined)),
      {
        what: `Cloudflare's side is AS ${CLOUDFLARE_ASN}, and yours AS ${bgp.customer_asn}`,
        sign: 'Another number in either line: the session is refused as soon as it opens.',
        command: "vtysh -c 'show running-config' | grep -E 'router bgp|remote-as'",
      },
      {
        what: 'FRR has route-maps for it, in and out',
        sign: '"(Policy)" in place of a number: by ebgp-requires-policy, FRR exchanges nothing without them, though the session is up.',
        command: "vtysh -c 'show bgp summary'",
      },
    ],
  };
}

function connectionChecks(peer: string, router: string | undefined, hasMd5Key: boolean): BgpCheck[] {
  return [
    {
      what: `The router reaches ${peer} through the tunnel`,
      sign: 'No reply: the address of the tunnel interface is missing, or another interface has the route.',
      command: `ping -c 3 ${router === undefined ? '' : `-I ${router} `}${peer}`,
    },
    {
      what: `It peers with ${peer}`,
      sign: '"No such neighbor": it was given another address.',
      command: `vtysh -c 'show bgp neighbors ${peer}'`,
    },
    {
      what: hasMd5Key ? 'Both sides have the same MD5 key' : 'The router has no MD5 key for it, as Cloudflare has none',
      sign: 'A number that rises: packets are dropped because of their key, and it never connects.',
      command: 'nstat -asz TcpExtTCPMD5NotFound TcpExtTCPMD5Unexpected TcpExtTCPMD5Failure',
    },
  ];
}
