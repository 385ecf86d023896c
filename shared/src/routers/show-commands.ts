// What to look at on a router whose tunnel is down, and the commands that show it. They only read, and are those of the
// vendors' own documentation; what has no shell is looked at on its pages.

import type { RouterKind } from './kinds.ts';

export interface RouterLook {
  /** The question it answers. */
  readonly question: string;
  /** To be run on the router; capitals stand for what only the person knows. */
  readonly command?: string;
  /** Where it is shown instead. */
  readonly page?: string;
}

const IKE = 'Is the IKE SA up? If not, its log says why: no response, the key, or the identity.';
const CHILD = 'Is the IPsec SA up, and do its counters rise in both directions?';
const BOTH = 'Are the IKE and the IPsec SA up, and do the counters rise in both directions?';
const BGP = 'Is the BGP session with Cloudflare established?';

/**
 * Sources: strongSwan's swanctl manual and FRR's, VyOS's "IPsec" and "BGP", Cisco's IOS security and BGP command references,
 * Fortinet's "Troubleshooting Tip: IPsec VPNs tunnels", Juniper's CLI reference, Palo Alto Networks' "CLI cheat sheet: VPN",
 * Netgate's "Troubleshooting IPsec", the AWS and the Azure CLI reference.
 */
const LOOKS: Readonly<Record<RouterKind, { readonly ipsec: readonly RouterLook[]; readonly bgp?: string }>> = {
  linux: {
    ipsec: [
      { question: BOTH, command: 'swanctl --list-sas' },
      { question: 'Does the tunnel interface have its address, and is it up?', command: 'ip -br address' },
    ],
    bgp: "vtysh -c 'show bgp summary'",
  },
  vyos: {
    ipsec: [
      { question: IKE, command: 'show vpn ike sa' },
      { question: CHILD, command: 'show vpn ipsec sa' },
    ],
    bgp: 'show bgp summary',
  },
  'ios-xe': {
    ipsec: [
      { question: IKE, command: 'show crypto ikev2 sa detailed' },
      { question: CHILD, command: 'show crypto ipsec sa' },
    ],
    bgp: 'show bgp ipv4 unicast summary',
  },
  fortigate: {
    ipsec: [
      { question: IKE, command: 'diagnose vpn ike gateway list' },
      { question: CHILD, command: 'get vpn ipsec tunnel summary' },
    ],
    bgp: 'get router info bgp summary',
  },
  pfsense: { ipsec: [{ question: BOTH, page: 'Status > IPsec > Overview' }] },
  srx: {
    ipsec: [
      { question: IKE, command: 'show security ike security-associations' },
      { question: CHILD, command: 'show security ipsec security-associations' },
    ],
    bgp: 'show bgp summary',
  },
  'palo-alto': {
    ipsec: [
      { question: IKE, command: 'show vpn ike-sa' },
      { question: CHILD, command: 'show vpn ipsec-sa' },
    ],
    bgp: 'show routing protocol bgp summary',
  },
  unifi: { ipsec: [{ question: BOTH, page: 'Settings > VPN > Site-to-Site VPN' }] },
  aws: {
    ipsec: [
      {
        question: 'What does AWS say of the tunnels of its VPN connections?',
        command: "aws ec2 describe-vpn-connections --query 'VpnConnections[].VgwTelemetry[]'",
      },
    ],
  },
  azure: {
    ipsec: [
      {
        question: 'Does Azure say that the connection is connected?',
        command:
          'az network vpn-connection show --resource-group GROUP --name CONNECTION --query connectionStatus --output tsv',
      },
    ],
  },
};

/** What to look at, in the order in which a tunnel comes up; BGP too where the tunnel has it. */
export function looksAt(kind: RouterKind, hasBgp: boolean): readonly RouterLook[] {
  const { ipsec, bgp } = LOOKS[kind];
  return hasBgp && bgp !== undefined ? [...ipsec, { question: BGP, command: bgp }] : ipsec;
}

/** The command that shows the BGP sessions; `undefined` where none is known. */
export function bgpCommand(kind: RouterKind | undefined): string | undefined {
  return kind && LOOKS[kind].bgp;
}
