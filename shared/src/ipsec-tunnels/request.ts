// The body of a create and of an update of an IPsec tunnel: the one schema that form, server and sandbox validate by.

import { z } from 'zod';
import { closedObject, type Issue, textRuleOf, toIssues, typeMessage } from '../issues.ts';
import * as field from './fields.ts';
import type { InterfaceAddressRules } from './interface-address.ts';

/** What varies from account to account and from call to call. */
export interface IpsecTunnelRules {
  /** The account the call is for: 32 lowercase hexadecimal characters. */
  readonly accountId: string;
  readonly interfaceAddressRules: InterfaceAddressRules;
  /** The account's IPv6 prefix, in CIDR, that `interface_address6` must come from; unknown when absent. */
  readonly virtualSubnet6?: string | undefined;
  /** How `health_check.target` is written: `object` exactly when the call carries `x-magic-new-hc-target: true`. */
  readonly healthCheckTarget: 'string' | 'object';
}

/** With the object form `saved` may be left out (SDK types). */
export type HealthCheckTarget = string | { saved?: string | undefined };

/**
 * The schema of every field under these rules, by its dotted path. The request's schema is made of these and nothing else,
 * so a form can validate one field as it is typed and hear what the whole request would be told.
 */
export function ipsecTunnelFields(rules: IpsecTunnelRules) {
  return {
    name: field.name,
    description: field.description.optional(),
    cloudflare_endpoint: field.cloudflareEndpoint,
    customer_endpoint: field.customerEndpoint.optional(),
    interface_address: field.interfaceAddress(rules.interfaceAddressRules),
    interface_address6: field.interfaceAddress6(rules.virtualSubnet6).optional(),
    psk: field.psk.optional(),
    replay_protection: field.flag.optional(),
    automatic_return_routing: field.flag.optional(),
    'custom_remote_identities.fqdn_id': field.fqdnId(rules.accountId).optional(),
    'health_check.enabled': field.flag.optional(),
    'health_check.rate': field.healthCheckRate.optional(),
    'health_check.type': field.healthCheckType.optional(),
    'health_check.direction': field.healthCheckDirection.optional(),
    'health_check.target': healthCheckTarget(rules.healthCheckTarget).optional(),
    /** Required inside `bgp`: validate it only while BGP is on. */
    'bgp.customer_asn': field.customerAsn,
    'bgp.md5_key': field.md5Key.optional(),
    'bgp.extra_prefixes': z.array(field.extraPrefix, { error: typeMessage('an array of prefixes') }).optional(),
    'bgp.import_filter_id': field.cloudflareIdentifier.optional(),
    'bgp.export_filter_id': field.cloudflareIdentifier.optional(),
  };
}

export type IpsecTunnelFields = ReturnType<typeof ipsecTunnelFields>;
/** The dotted path of a field in the request. */
export type IpsecTunnelField = keyof IpsecTunnelFields;

/** The issues of one field's value, with their paths in the request; `undefined` stands for an absent field. */
export function issuesOnField(fields: IpsecTunnelFields, path: IpsecTunnelField, value: unknown): Issue[] {
  const rule = typeof value === 'string' ? textRuleOf(fields[path]) : undefined;
  if (typeof value === 'string' && rule !== undefined) {
    const issue = rule(value);
    return issue === undefined ? [] : [{ path: path.split('.'), ...issue }];
  }
  const parsed = fields[path].safeParse(value);
  if (parsed.success) return [];
  return toIssues(parsed.error).map((issue) => ({ ...issue, path: [...path.split('.'), ...issue.path] }));
}

/**
 * The schema of the create request, and of the update request, under these rules. Strict: unknown keys, `null` and coercible types are rejected.
 * Nothing is trimmed, and no default is filled in: what was absent stays absent.
 * Read the issues of a failed parse with `toIssues`.
 */
export function createIpsecTunnelRequestSchema(rules: IpsecTunnelRules) {
  const fields = ipsecTunnelFields(rules);
  return closedObject(
    {
      name: fields.name,
      description: fields.description,
      cloudflare_endpoint: fields.cloudflare_endpoint,
      customer_endpoint: fields.customer_endpoint,
      interface_address: fields.interface_address,
      interface_address6: fields.interface_address6,
      psk: fields.psk,
      replay_protection: fields.replay_protection,
      automatic_return_routing: fields.automatic_return_routing,
      custom_remote_identities: closedObject({ fqdn_id: fields['custom_remote_identities.fqdn_id'] }).optional(),
      health_check: closedObject({
        enabled: fields['health_check.enabled'],
        rate: fields['health_check.rate'],
        type: fields['health_check.type'],
        direction: fields['health_check.direction'],
        target: fields['health_check.target'],
      }).optional(),
      bgp: closedObject({
        customer_asn: fields['bgp.customer_asn'],
        md5_key: fields['bgp.md5_key'],
        extra_prefixes: fields['bgp.extra_prefixes'],
        import_filter_id: fields['bgp.import_filter_id'],
        export_filter_id: fields['bgp.export_filter_id'],
      }).optional(),
    },
    'the body must be a JSON object',
  );
}

export type CreateIpsecTunnelRequest = z.infer<ReturnType<typeof createIpsecTunnelRequestSchema>>;

/** In the object form `effective` is read-only (SDK types): accepted, so that a response can be sent back, and dropped. */
function healthCheckTarget(form: IpsecTunnelRules['healthCheckTarget']): z.ZodType<HealthCheckTarget> {
  if (form === 'string') return field.healthCheckTargetAddress;
  return closedObject({
    saved: field.healthCheckTargetAddress.optional(),
    effective: z.unknown().optional(),
  }).transform(({ saved }) => (saved === undefined ? {} : { saved }));
}
