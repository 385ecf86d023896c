// BGP sessions that can't come up, or have not.

import { namesOf, RESERVED_ASNS } from '../../ipsec-tunnels/advisories.ts';
import type { IpsecTunnel } from '../../ipsec-tunnels/tunnel.ts';
import { CLOUDFLARE_ASN } from '../../routers/router-tunnel.ts';
import { bgpCommand } from '../../routers/show-commands.ts';
import { isBgpToBlame } from '../bgp-state.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

/** Source: traffic steering reference: eBGP alone, with AS 13335 on Cloudflare's side of an IPsec tunnel; and the RFCs. */
export function* asnUnusable({ tunnel, health, now }: DiagnosisInput): Iterable<Cause> {
  const asn = tunnel.bgp?.customer_asn;
  if (asn === undefined || !isBgpToBlame(tunnel, health.state, now)) return;
  const reservedBy = RESERVED_ASNS.get(asn);
  if (asn !== CLOUDFLARE_ASN && reservedBy === undefined) return;
  yield {
    cause: 'asn-unusable',
    likelihood: 'certain',
    sentence:
      reservedBy === undefined
        ? `Its customer ASN is Cloudflare's own, ${CLOUDFLARE_ASN}: BGP between Cloudflare and the router takes two different ones.`
        : `Its customer ASN, ${asn}, is reserved (${reservedBy}): no BGP session comes up with it.`,
    evidence: [`Customer ASN: ${asn}`, statusEvidence(tunnel)],
    fix: { label: 'Enter the ASN of the router', values: { 'bgp/customer_asn': '' } },
  };
}

export function* bgpDown({ tunnel, health, routerKind, now, formatMoment }: DiagnosisInput): Iterable<Cause> {
  const { bgp, bgp_status: status } = tunnel;
  if (bgp === undefined || status === undefined || !isBgpToBlame(tunnel, health.state, now)) return;
  const peer = status.cf_speaker_ip ?? tunnel.interface_address.split('/')[0];
  yield {
    cause: 'bgp-down',
    likelihood: health.state === 'healthy' ? 'certain' : 'possible',
    sentence: `${health.state === 'healthy' ? 'The tunnel works, but its' : 'Its'} BGP session is not up. ${
      status.tcp_established
        ? `The TCP connection is established, so check the ASNs: ${bgp.customer_asn} on the router, and ${CLOUDFLARE_ASN} for its neighbor ${peer}.`
        : `Check that the router has the neighbor ${peer} with AS ${CLOUDFLARE_ASN}, the same MD5 key, and lets TCP port 179 through.`
    }`,
    evidence: [
      statusEvidence(tunnel),
      ...(status.tcp_established === undefined
        ? []
        : [`TCP connection established: ${yesOrNo(status.tcp_established)}`]),
      ...(status.cf_speaker_ip ? [`Cloudflare's speaker: ${status.cf_speaker_ip}`] : []),
      `Customer ASN: ${bgp.customer_asn}`,
      ...(status.updated_at ? [`As of: ${formatMoment(status.updated_at)}`] : []),
    ],
    command: bgpCommand(routerKind),
  };
}

/** Source: traffic steering reference: sites of one ASN learn no routes from each other, unless that is allowed (`allowas-in`). */
export function* asnShared({ tunnel, health, others, now }: DiagnosisInput): Iterable<Cause> {
  const asn = tunnel.bgp?.customer_asn;
  if (asn === undefined || !isBgpToBlame(tunnel, health.state, now)) return;
  const twins = others.withAsn(asn);
  if (twins.count === 0) return;
  const names = namesOf(twins);
  yield {
    cause: 'asn-shared',
    likelihood: 'possible',
    sentence: `Its customer ASN is that of ${names} too. If that is another router, one of the two has to change it: tunnels of one ASN exchange no routes with each other.`,
    evidence: [`Customer ASN: ${asn}`, `The same on: ${names}`],
    fix: { label: 'Change the ASN', values: { 'bgp/customer_asn': '' } },
  };
}

function statusEvidence({ bgp_status }: IpsecTunnel): string {
  return `BGP state: ${bgp_status?.state ?? 'none'}`;
}

function yesOrNo(flag: boolean): string {
  return flag ? 'yes' : 'no';
}
