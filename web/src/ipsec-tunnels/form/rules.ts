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
import type { Findings, FormRules } from '../../forms/live-validation.ts';
import type { Advice } from './advice.ts';
import type * as DeviceAndPair from './device-and-pair.ts';
import { TUNNEL_FORM, tunnelIn } from './fields.ts';

export interface TunnelRulesOptions {
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly rules: Session['rules'];
  /** Absent until it is loaded. */
  readonly advice: Advice | undefined;
  /** Whether there is a pre-shared key that stays where none is set: it is not missing then. */
  readonly keepsKey?: boolean;
  /** For a new tunnel; absent until it is loaded. */
  readonly deviceAndPair?: typeof DeviceAndPair | undefined;
}

export interface TunnelRules extends FormRules {
  /** The request that can be sent; `undefined` while something is wrong with it, or no account is chosen. */
  parse(request: AnyRequest): CreateIpsecTunnelRequest | undefined;
  /** The requests that can be sent: two of a pair. */
  parseAll(request: AnyRequest): readonly CreateIpsecTunnelRequest[] | undefined;
  /** What would be sent, right or wrong: two requests of a pair. */
  requestsOf(request: AnyRequest): readonly AnyRequest[];
}

type AnyRequest = Readonly<Record<string, unknown>>;

const PAIR_NOT_LOADED = "what a pair needs can't be loaded just now";

/** What is said of the second tunnel of a pair depends on the first one's field. */
const SECOND_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['name', ['pair/second_suffix']],
  ['cloudflare_endpoint', ['pair/second_endpoint', 'pair/shares_identity']],
  ['customer_endpoint', ['pair/second_endpoint', 'pair/second_customer_endpoint']],
  ['interface_address', ['pair/second_interface_address']],
  ['interface_address6', ['pair/second_interface_address6']],
  ['psk', ['pair/second_psk']],
  ['custom_remote_identities/fqdn_id', ['pair/shares_identity']],
]);

export function tunnelRules({ accountId, rules, advice, keepsKey, deviceAndPair }: TunnelRulesOptions): TunnelRules {
  const schemaRules = { accountId: accountId || '<account ID>', ...rules, healthCheckTarget: 'string' } as const;
  const schema = createIpsecTunnelRequestSchema(schemaRules);
  const schemas = ipsecTunnelFields(schemaRules);
  const requestsOf = (request: AnyRequest) => deviceAndPair?.requestsOf(request) ?? [tunnelIn(request)];
  const parseAll = (request: AnyRequest) => {
    const isPairUnread = request['pair'] !== undefined && deviceAndPair === undefined;
    if (accountId === '' || isPairUnread || deviceAndPair?.hasPairIssue(request)) return undefined;
    const requests = requestsOf(request).flatMap((each) => schema.safeParse(each).data ?? []);
    return requests.length === requestsOf(request).length ? requests : undefined;
  };
  return {
    findingsOn(field, request) {
      if (deviceAndPair !== undefined) return deviceAndPair.findingsOn(field, request, findingsOnTunnel);
      if (field !== 'isPair' || request['pair'] === undefined) return findingsOnTunnel(field, tunnelIn(request));
      return { issues: [{ path: [field], message: PAIR_NOT_LOADED }], advisories: [] };
    },
    dependentsOf(field) {
      const name = field.replace('/', '.');
      // A field of the form alone may change any other's.
      if (!isRequestField(name)) return undefined;
      const advised = advice?.dependentsOf(name) ?? [];
      const dependents = [field, ...advised.map((each) => each.replace('.', '/')), ...(SECOND_OF.get(field) ?? [])];
      return [...new Set(dependents)];
    },
    parse: (request) => parseAll(request)?.[0],
    parseAll,
    requestsOf,
  };

  function findingsOnTunnel(field: string, request: AnyRequest): Findings {
    const path = field.split('/');
    const name = path.join('.');
    if (!isRequestField(name) || isSwitchedOff(path, request)) return { issues: [], advisories: [] };
    const value = valueAt(request, path);
    const isKept = keepsKey && name === 'psk' && value === undefined;
    return {
      issues: issuesOnField(schemas, name, value),
      advisories: isKept ? [] : (advice?.on(name, request) ?? []),
    };
  }

  function isRequestField(name: string): name is IpsecTunnelField {
    return Object.hasOwn(schemas, name);
  }
}

/** Whether the field is in a group that is not sent. */
function isSwitchedOff([group = '']: readonly string[], request: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(TUNNEL_FORM.groups, group) && request[group] === undefined;
}
