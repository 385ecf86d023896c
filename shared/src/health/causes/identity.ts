// Identities by which Cloudflare can't tell whose router it is that calls.

import { namesOf } from '../../ipsec-tunnels/advisories.ts';
import { ROUTER_NAMES, type RouterKind } from '../../routers/kinds.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

/** Source: API reference, which refuses a second tunnel like that. */
export function* identityShared({ tunnel, others }: DiagnosisInput): Iterable<Cause> {
  const identity = tunnel.custom_remote_identities?.fqdn_id;
  if (!identity) return;
  const twins = others.withIdentity(identity, tunnel.cloudflare_endpoint);
  if (twins.count === 0) return;
  const names = namesOf(twins);
  yield {
    cause: 'identity-shared',
    likelihood: 'certain',
    sentence: `It has its custom IKE identity in common with ${names}, on the same Cloudflare endpoint: Cloudflare can't tell their routers apart.`,
    evidence: [
      `Custom IKE identity: ${identity}`,
      `Cloudflare endpoint: ${tunnel.cloudflare_endpoint}`,
      `The same on: ${names}`,
    ],
    fix: { label: 'Change the identity', values: { 'custom_remote_identities/fqdn_id': '' } },
  };
}

/** Those that identify themselves by their address alone (Cloudflare's guides for them). */
const BY_ADDRESS: ReadonlySet<RouterKind> = new Set(['unifi', 'aws', 'azure']);

/**
 * An identity of type ID_IPV4_ADDR is accepted where the customer endpoint is set, and no other tunnel has the same pair of
 * endpoints (Cloudflare's reference "GRE and IPsec tunnels").
 */
export function* addressIdentity({ tunnel, others, routerKind }: DiagnosisInput): Iterable<Cause> {
  const { cloudflare_endpoint: cloudflareEndpoint, customer_endpoint: customerEndpoint } = tunnel;
  const isByAddress = routerKind !== undefined && BY_ADDRESS.has(routerKind);
  const router = routerKind === undefined ? [] : [`Router: ${ROUTER_NAMES[routerKind]}`];
  if (!customerEndpoint) {
    if (!isByAddress) return;
    yield {
      cause: 'address-identity-unset',
      likelihood: 'certain',
      sentence:
        'It has no customer endpoint, and this router identifies itself by its address: Cloudflare does not know whose it is.',
      evidence: ['Customer endpoint: none', ...router],
      fix: { label: 'Enter the customer endpoint', values: { customer_endpoint: '' } },
    };
    return;
  }
  const twins = others.withEndpoints(cloudflareEndpoint, customerEndpoint);
  // Other kinds have an identity of their own in the files that this desk writes.
  if (twins.count === 0 || (routerKind !== undefined && !isByAddress)) return;
  const names = namesOf(twins);
  yield {
    cause: 'address-identity-shared',
    likelihood: isByAddress ? 'certain' : 'possible',
    sentence: `It has both endpoints in common with ${names}. ${
      isByAddress
        ? "This router identifies itself by its address: Cloudflare can't tell the tunnels apart."
        : "If the router identifies itself by its address, Cloudflare can't tell the tunnels apart."
    }`,
    evidence: [
      `Cloudflare endpoint: ${cloudflareEndpoint}`,
      `Customer endpoint: ${customerEndpoint}`,
      `The same on: ${names}`,
      ...router,
    ],
    fix: { label: 'Change the customer endpoint', values: { customer_endpoint: '' } },
  };
}
