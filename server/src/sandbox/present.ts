// A tunnel as the sandbox responds with it.

import { HEALTH_CHECK_TARGET_HEADER } from '@tunnel-desk/shared/api/paths';
import { bgpStatus } from './bgp-status.ts';
import type { StoredTunnel, TunnelSettings } from './tunnel-store.ts';

export interface Presentation {
  readonly accountId: string;
  /** How `health_check.target` is written. */
  readonly healthCheckTarget: 'string' | 'object';
  /** In milliseconds since the epoch. */
  readonly now: number;
}

export function present(tunnel: StoredTunnel, { accountId, healthCheckTarget, now }: Presentation) {
  const { id, settings, createdOn, modifiedOn } = tunnel;
  const status = bgpStatus(tunnel, now);
  return {
    id,
    ...settings,
    health_check: presentHealthCheck(settings.health_check, settings.customer_endpoint, healthCheckTarget),
    allow_null_cipher: false,
    remote_identities: remoteIdentities(accountId, id),
    psk_metadata: pskMetadata(tunnel),
    ...(status && { bgp_status: status }),
    created_on: createdOn,
    modified_on: modifiedOn,
  };
}

/** Empty without a key. */
export function pskMetadata({ keySetOn }: StoredTunnel) {
  return keySetOn === undefined ? {} : { last_generated_on: keySetOn };
}

/** The IKE identities that a router can have (Cloudflare's guide "Configure tunnel endpoints"). */
export function remoteIdentities(accountId: string, tunnelId: string) {
  const fqdnId = `${tunnelId}.${accountId}.ipsec.cloudflare.com`;
  return {
    hex_id: Buffer.from(`${accountId}_${tunnelId}`).toString('hex'),
    fqdn_id: fqdnId,
    user_id: `ipsec@${fqdnId}`,
  };
}

/** With its target in the form that the caller asked for. */
export function presentHealthCheck(
  { target, ...healthCheck }: NonNullable<TunnelSettings['health_check']> = {},
  customerEndpoint = '',
  form: Presentation['healthCheckTarget'] = 'string',
) {
  const saved = (typeof target === 'object' ? target.saved : target) ?? '';
  const effective = saved === '' ? customerEndpoint : saved;
  return { ...healthCheck, target: form === 'object' ? { saved, effective } : saved };
}

/** The form that the caller asked for. */
export function healthCheckTargetForm(headers: Readonly<Record<string, unknown>>): 'string' | 'object' {
  return headers[HEALTH_CHECK_TARGET_HEADER] === 'true' ? 'object' : 'string';
}
