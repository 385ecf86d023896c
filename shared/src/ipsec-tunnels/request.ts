// The body of POST /accounts/{account_id}/magic/ipsec_tunnels: the one schema that form, server and sandbox validate by.

import { z } from 'zod';
import { closedObject, typeMessage } from '../issues.ts';
import * as field from './fields.ts';

/** What varies from account to account and from call to call. */
export interface IpsecTunnelRules {
  /** The account the call is for: 32 lowercase hexadecimal characters. */
  readonly accountId: string;
  readonly interfaceAddressRules: field.InterfaceAddressRules;
  /** The account's IPv6 prefix, in CIDR, that `interface_address6` must come from; unknown when absent. */
  readonly virtualSubnet6?: string | undefined;
  /** How `health_check.target` is written: `object` exactly when the call bears `x-magic-new-hc-target: true`. */
  readonly healthCheckTarget: 'string' | 'object';
}

export type HealthCheckTarget = string | { saved: string };

/**
 * The schema of the create request under these rules. Strict: unknown keys, `null` and coercible types are refused.
 * Nothing is trimmed, and no default is filled in: what was absent stays absent.
 * Read the issues of a failed parse with `toIssues`.
 */
export function createIpsecTunnelRequestSchema(rules: IpsecTunnelRules) {
  return closedObject(
    {
      name: field.name,
      description: field.description.optional(),
      cloudflare_endpoint: field.cloudflareEndpoint,
      customer_endpoint: field.customerEndpoint.optional(),
      interface_address: field.interfaceAddress(rules.interfaceAddressRules),
      interface_address6: field.interfaceAddress6(rules.virtualSubnet6).optional(),
      psk: field.psk.optional(),
      replay_protection: field.flag.optional(),
      automatic_return_routing: field.flag.optional(),
      custom_remote_identities: closedObject({ fqdn_id: field.fqdnId(rules.accountId).optional() }).optional(),
      health_check: closedObject({
        enabled: field.flag.optional(),
        rate: field.healthCheckRate.optional(),
        type: field.healthCheckType.optional(),
        direction: field.healthCheckDirection.optional(),
        target: healthCheckTarget(rules.healthCheckTarget).optional(),
      }).optional(),
      bgp: closedObject({
        customer_asn: field.customerAsn,
        md5_key: field.md5Key.optional(),
        extra_prefixes: z.array(field.extraPrefix, { error: typeMessage('an array of prefixes') }).optional(),
        import_filter_id: field.cloudflareIdentifier.optional(),
        export_filter_id: field.cloudflareIdentifier.optional(),
      }).optional(),
    },
    'the body must be a JSON object',
  );
}

export type CreateIpsecTunnelRequest = z.infer<ReturnType<typeof createIpsecTunnelRequestSchema>>;

/** In the object form `effective` is read-only (SDK types): accepted, so that an answer can be sent back, and dropped. */
function healthCheckTarget(form: IpsecTunnelRules['healthCheckTarget']): z.ZodType<HealthCheckTarget> {
  if (form === 'string') return field.healthCheckTargetAddress;
  return closedObject({ saved: field.healthCheckTargetAddress, effective: z.unknown().optional() }).transform(
    ({ saved }) => ({ saved }),
  );
}
