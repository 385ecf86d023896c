// What of a tunnel does not suit the router at its other end, with the values that put it right.

import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

/** The fields of a tunnel that may be put right by a button, as its form names them. */
export type FixableField =
  | 'cloudflare_endpoint'
  | 'customer_endpoint'
  | 'interface_address'
  | 'interface_address6'
  | 'replay_protection'
  | 'custom_remote_identities/fqdn_id'
  | 'health_check/enabled'
  | 'health_check/type'
  | 'health_check/direction'
  | 'health_check/target'
  | 'bgpEnabled'
  | 'bgp/customer_asn'
  | 'bgp/md5_key';

export type TunnelFix = Readonly<Partial<Record<FixableField, string | boolean>>>;

export interface RouterAdvisory {
  /** What does not suit, and why: one or two sentences. */
  readonly message: string;
  /** The button's words, such as "Change it to request", and the values; without values where only a person knows them. */
  readonly fix?: { readonly label: string; readonly values: TunnelFix };
}

/** A type of health check that suits the router, and why the other does not. */
export function adviseHealthCheckType(
  { healthCheck }: RouterTunnel,
  wanted: 'request' | 'reply',
  reason: string,
): readonly RouterAdvisory[] {
  if (!healthCheck.enabled || healthCheck.type === wanted) return [];
  return [
    {
      message: `This tunnel's health check is of type ${healthCheck.type}. ${reason}`,
      fix: { label: `Change it to ${wanted}`, values: { 'health_check/type': wanted } },
    },
  ];
}

/** Replay protection on Cloudflare's side as the router needs it, and why. */
export function adviseReplayProtection(
  { replayProtection }: RouterTunnel,
  wanted: boolean,
  reason: string,
): readonly RouterAdvisory[] {
  if (replayProtection === wanted) return [];
  const state = wanted ? 'off' : 'on';
  return [
    {
      message: `This tunnel's replay protection is ${state}. ${reason}`,
      fix: { label: `Turn it ${wanted ? 'on' : 'off'}`, values: { replay_protection: wanted } },
    },
  ];
}

/** A customer endpoint, for a router that identifies itself by its address; why. */
export function adviseCustomerEndpoint({ customerEndpoint }: RouterTunnel, reason: string): readonly RouterAdvisory[] {
  if (customerEndpoint !== undefined) return [];
  return [
    {
      message: `This tunnel has no customer endpoint. ${reason}`,
      fix: { label: 'Enter it', values: { customer_endpoint: '' } },
    },
  ];
}

/** BGP on the tunnel, where the router is to learn its routes by it. */
export function adviseBgp({ bgp }: RouterTunnel, { routing }: RouterSettings): readonly RouterAdvisory[] {
  if (routing !== 'bgp' || bgp !== undefined) return [];
  return [
    {
      message: 'This tunnel has no BGP, and the router is to learn its routes by it.',
      fix: { label: 'Turn BGP on', values: { bgpEnabled: true } },
    },
  ];
}

/** Another MD5 key than one that the router cannot have: `issueOf` says why as the end of a sentence. */
export function adviseMd5Key(
  { bgp }: RouterTunnel,
  { routing }: RouterSettings,
  device: string,
  issueOf: (key: string) => string | undefined,
): readonly RouterAdvisory[] {
  const issue = routing !== 'bgp' || bgp?.md5Key === undefined ? undefined : issueOf(bgp.md5Key);
  if (issue === undefined) return [];
  return [
    {
      message: `The MD5 key of this tunnel's BGP ${issue}, so that ${device} cannot have the same one.`,
      fix: { label: 'Enter another', values: { 'bgp/md5_key': '' } },
    },
  ];
}

/** Static routing, for a router whose BGP with Cloudflare no documentation describes; why. */
export function adviseStaticRouting({ routing }: RouterSettings, reason: string): readonly RouterAdvisory[] {
  return routing === 'static' ? [] : [{ message: `${reason} Choose static routing.` }];
}
