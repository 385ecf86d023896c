// What the shared schema and the advisories say of a tunnel's form, field by field.

import type { Session } from '@tunnel-desk/shared/api/session';
import { adviseOnField, fieldsAdvisedBy } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import type { TunnelIndex } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
  type IpsecTunnelField,
  ipsecTunnelFields,
  issuesOnField,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import { valueAt } from '../../forms/fields.ts';
import type { FormRules } from '../../forms/live-validation.ts';
import { TUNNEL_FORM } from './fields.ts';

export interface TunnelRulesOptions {
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly rules: Session['rules'];
  /** The anycast addresses this desk was told of; empty when it was told none. */
  readonly cloudflareEndpoints: readonly string[];
  /** The account's other tunnels, as far as they are known. */
  readonly otherTunnels: TunnelIndex;
}

export interface TunnelRules extends FormRules {
  /** The request that can be sent; `undefined` while something is wrong with it, or no account is chosen. */
  parse(request: Readonly<Record<string, unknown>>): CreateIpsecTunnelRequest | undefined;
}

export function tunnelRules({ accountId, rules, ...known }: TunnelRulesOptions): TunnelRules {
  const schemaRules = { accountId: accountId || '<account ID>', ...rules, healthCheckTarget: 'string' } as const;
  const schema = createIpsecTunnelRequestSchema(schemaRules);
  const schemas = ipsecTunnelFields(schemaRules);
  const context = { ...known, interfaceAddressRules: rules.interfaceAddressRules };
  return {
    findingsOn(field, request) {
      const path = field.split('/');
      const name = path.join('.');
      if (!isRequestField(name) || isSwitchedOff(path, request)) return { issues: [], advisories: [] };
      return {
        issues: issuesOnField(schemas, name, valueAt(request, path)),
        advisories: adviseOnField(name, request, context),
      };
    },
    dependentsOf(field) {
      const name = field.replace('/', '.');
      // A field of the form alone may change any other's.
      if (!isRequestField(name)) return undefined;
      return [...new Set([field, ...fieldsAdvisedBy(name).map((each) => each.replace('.', '/'))])];
    },
    parse: (request) => (accountId === '' ? undefined : schema.safeParse(request).data),
  };

  function isRequestField(name: string): name is IpsecTunnelField {
    return Object.hasOwn(schemas, name);
  }
}

/** Whether the field is in a group that is not sent. */
function isSwitchedOff([group = '']: readonly string[], request: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(TUNNEL_FORM.groups, group) && request[group] === undefined;
}
