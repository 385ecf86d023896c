// What the shared schema and the advisories say of a tunnel's form, field by field.

import type { Session } from '@tunnel-desk/shared/api/session';
import { adviseOn } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { toIssues } from '@tunnel-desk/shared/issues';
import { fieldAt } from '../../forms/fields.ts';
import type { FormRules } from '../../forms/live-validation.ts';
import { TUNNEL_FORM } from './fields.ts';

export interface TunnelRulesOptions {
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly rules: Session['rules'];
  /** The anycast addresses this desk was told of; empty when it was told none. */
  readonly cloudflareEndpoints: readonly string[];
  /** The account's other tunnels, as far as they are known. */
  readonly otherTunnels: readonly IpsecTunnel[];
}

export interface TunnelRules extends FormRules {
  /** The request that can be sent; `undefined` while something is wrong with it, or no account is chosen. */
  parse(request: Readonly<Record<string, unknown>>): CreateIpsecTunnelRequest | undefined;
}

export function tunnelRules({ accountId, rules, ...context }: TunnelRulesOptions): TunnelRules {
  const schema = createIpsecTunnelRequestSchema({
    accountId: accountId || '<account ID>',
    ...rules,
    healthCheckTarget: 'string',
  });
  return {
    findingsOn(field, request) {
      const parsed = schema.safeParse(request);
      const issues = parsed.success ? [] : toIssues(parsed.error);
      const advisories = adviseOn(request, context);
      return {
        issues: issues.filter(({ path }) => fieldAt(TUNNEL_FORM, path) === field),
        advisories: advisories
          .filter(({ path }) => fieldAt(TUNNEL_FORM, path) === field)
          .map(({ message }) => ({ message, severity: 'risk' })),
      };
    },
    dependentsOf: () => undefined,
    parse: (request) => (accountId === '' ? undefined : schema.safeParse(request).data),
  };
}
