// What the shared schema and the advice say of a tunnel's form, field by field.

import type { Session } from '@tunnel-desk/shared/api/session';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
  type IpsecTunnelField,
  ipsecTunnelFields,
  issuesOnField,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import { valueAt } from '@tunnel-desk/shared/value-at';
import type { FormRules } from '../../forms/live-validation.ts';
import type { Advice } from './advice.ts';
import { TUNNEL_FORM } from './fields.ts';

export interface TunnelRulesOptions {
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly rules: Session['rules'];
  /** Absent until it is loaded. */
  readonly advice: Advice | undefined;
  /** Whether there is a pre-shared key that stays where none is set: it is not missing then. */
  readonly keepsKey?: boolean;
}

export interface TunnelRules extends FormRules {
  /** The request that can be sent; `undefined` while something is wrong with it, or no account is chosen. */
  parse(request: Readonly<Record<string, unknown>>): CreateIpsecTunnelRequest | undefined;
}

export function tunnelRules({ accountId, rules, advice, keepsKey }: TunnelRulesOptions): TunnelRules {
  const schemaRules = { accountId: accountId || '<account ID>', ...rules, healthCheckTarget: 'string' } as const;
  const schema = createIpsecTunnelRequestSchema(schemaRules);
  const schemas = ipsecTunnelFields(schemaRules);
  return {
    findingsOn(field, request) {
      const path = field.split('/');
      const name = path.join('.');
      if (!isRequestField(name) || isSwitchedOff(path, request)) return { issues: [], advisories: [] };
      const value = valueAt(request, path);
      const isKept = keepsKey && name === 'psk' && value === undefined;
      return {
        issues: issuesOnField(schemas, name, value),
        advisories: isKept ? [] : (advice?.on(name, request) ?? []),
      };
    },
    dependentsOf(field) {
      const name = field.replace('/', '.');
      // A field of the form alone may change any other's.
      if (!isRequestField(name)) return undefined;
      const advised = advice?.dependentsOf(name) ?? [];
      return [...new Set([field, ...advised.map((each) => each.replace('.', '/'))])];
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
