// A redundant pair: two tunnels of one router, made of one request, and what the second has of its own.

import { parseIp } from '../ip/address.ts';
import { parseCidr } from '../ip/cidr.ts';
import { valueAt } from '../value-at.ts';
import { indexTunnels } from './conflicts.ts';
import type { IpsecTunnelField } from './request.ts';

export interface PairSettings {
  /** What is put behind the name of the first and of the second, and behind the label of an identity that is not shared. */
  readonly suffixes: readonly [string, string];
  /** The second tunnel's Cloudflare endpoint: equal to the first one's where one endpoint has both. */
  readonly secondEndpoint: string;
  /** Whether both have the request's key; else only the first has it, and the second's is the caller's to set. */
  readonly sharesKey: boolean;
  /** Whether both have the same custom identity. */
  readonly sharesIdentity: boolean;
}

/** Addresses of the second that not every pair has. */
export interface SecondAddresses {
  /** In a /127 of its own, where the first has an IPv6 interface address. */
  readonly interfaceAddress6?: string | undefined;
  /** The first one's when absent or empty. */
  readonly customerEndpoint?: string | undefined;
}

type AnyRequest = Readonly<Record<string, unknown>>;
export type PairOfRequests = readonly [Record<string, unknown>, Record<string, unknown>];

/** Both requests, right or wrong as the one they are made of. An empty address is left out. */
export function pairOf(
  request: AnyRequest,
  settings: PairSettings,
  secondInterfaceAddress: string,
  { interfaceAddress6, customerEndpoint }: SecondAddresses = {},
): PairOfRequests {
  const { suffixes, secondEndpoint, sharesKey, sharesIdentity } = settings;
  const first = withSuffix(request, suffixes[0], sharesIdentity);
  const { psk, ...second } = withSuffix(request, suffixes[1], sharesIdentity);
  const router = customerEndpoint || request['customer_endpoint'];
  return [
    first,
    omitAbsent({
      ...withTarget(second, request['customer_endpoint'], router),
      ...(sharesKey && { psk }),
      cloudflare_endpoint: secondEndpoint || undefined,
      customer_endpoint: router,
      interface_address: secondInterfaceAddress || undefined,
      interface_address6: interfaceAddress6 || undefined,
    }),
  ];
}

/** The custom identity, or the label alone, with the suffix behind its label. */
export function suffixIdentity(identity: string, suffix: string): string {
  return identity.replace(/^[^.]*/, (label) => label + suffix);
}

/** What is wrong with a pair because of its other half, with the second one's field. */
export interface PairIssue {
  readonly field: IpsecTunnelField;
  readonly message: string;
  /** An `issue` keeps it from being sent; a `risk` does not. */
  readonly severity: 'issue' | 'risk';
}

/** What the two cannot both have: a name, an address of an interface, or one identity on one Cloudflare endpoint. */
export function pairIssues([first, second]: PairOfRequests): PairIssue[] {
  const text = (request: AnyRequest, field: IpsecTunnelField) => {
    const value = valueAt(request, field.split('.'));
    return typeof value === 'string' ? value : '';
  };
  const other = indexTunnels([
    {
      name: text(first, 'name'),
      interface_address: text(first, 'interface_address'),
      interface_address6: text(first, 'interface_address6'),
      cloudflare_endpoint: text(first, 'cloudflare_endpoint'),
      customer_endpoint: text(first, 'customer_endpoint'),
      custom_remote_identities: { fqdn_id: text(first, 'custom_remote_identities.fqdn_id') },
    },
  ]);
  const issue = (field: IpsecTunnelField, message: string): PairIssue => ({ field, message, severity: 'issue' });
  const risk = (field: IpsecTunnelField, message: string): PairIssue => ({ field, message, severity: 'risk' });
  const found: PairIssue[] = [];

  const name = text(second, 'name');
  if (name !== '' && other.named(name).count > 0) {
    found.push(issue('name', `both tunnels would be named ${name}: choose two suffixes`));
  } else if (name !== '' && other.nearlyNamed(name).count > 0) {
    found.push(risk('name', 'The two names differ only in case or in characters that look alike.'));
  }
  for (const field of ['interface_address', 'interface_address6'] as const) {
    const subnet = parseCidr(text(second, field));
    if (subnet !== undefined && other.overlapping(subnet).count > 0) {
      found.push(issue(field, `${text(second, field)} overlaps the first tunnel's ${text(first, field)}`));
    }
  }
  const endpoint = text(second, 'cloudflare_endpoint');
  const identity = text(second, 'custom_remote_identities.fqdn_id');
  if (identity !== '' && parseIp(endpoint) !== undefined && other.withIdentity(identity, endpoint).count > 0) {
    found.push(
      issue(
        'custom_remote_identities.fqdn_id',
        `both tunnels would have ${identity} on the Cloudflare endpoint ${endpoint}, which Cloudflare refuses: give each an identity of its own, or the second another endpoint`,
      ),
    );
  }
  if (other.withEndpoints(endpoint, text(second, 'customer_endpoint')).count > 0) {
    found.push(
      risk(
        'customer_endpoint',
        "Both tunnels have the same two endpoints: Cloudflare's guide says that a router's identity of the type ID_IPV4_ADDR can't tell them apart.",
      ),
    );
  }
  return found;
}

function withSuffix(request: AnyRequest, suffix: string, sharesIdentity: boolean): Record<string, unknown> {
  const { name } = request;
  const identity = valueAt(request, ['custom_remote_identities', 'fqdn_id']);
  return {
    ...request,
    ...(typeof name === 'string' && name.trim() !== '' && { name: name + suffix }),
    ...(typeof identity === 'string' &&
      !sharesIdentity && { custom_remote_identities: { fqdn_id: suffixIdentity(identity, suffix) } }),
  };
}

/** Whoever checks the health of the first at its router's address means the second's own there. */
function withTarget(second: AnyRequest, firstRouter: unknown, router: unknown): AnyRequest {
  const healthCheck = second['health_check'];
  if (firstRouter === undefined || valueAt(healthCheck, ['target']) !== firstRouter) return second;
  return { ...second, health_check: { ...Object(healthCheck), target: router } };
}

function omitAbsent(request: AnyRequest): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
