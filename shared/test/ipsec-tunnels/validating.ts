// Validates request bodies as the form and the server do, and registers a field's table of accepted and rejected values.

import { describe, expect, it } from 'vitest';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
  type IpsecTunnelRules,
} from '../../src/ipsec-tunnels/request.ts';
import { type Issue, issueText, toIssues } from '../../src/issues.ts';

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
export const OTHER_ACCOUNT_ID = 'fedcba9876543210fedcba9876543210';

export const REFERENCE_RULES: IpsecTunnelRules = {
  accountId: ACCOUNT_ID,
  interfaceAddressRules: 'reference',
  healthCheckTarget: 'string',
};

/** The least a request needs. */
export const MINIMAL_REQUEST = {
  name: 'branch-1',
  cloudflare_endpoint: '162.159.64.1',
  interface_address: '10.0.0.0/31',
} as const satisfies CreateIpsecTunnelRequest;

/** A request with every field there is. */
export const FULL_REQUEST = {
  ...MINIMAL_REQUEST,
  description: 'Branch office in Utrecht',
  customer_endpoint: '8.8.8.8',
  interface_address6: '2001:db8:1::2/127',
  psk: 'correct horse battery staple',
  replay_protection: false,
  automatic_return_routing: false,
  custom_remote_identities: { fqdn_id: `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
  health_check: { enabled: true, rate: 'mid', type: 'request', direction: 'unidirectional', target: '10.0.0.1' },
  bgp: {
    customer_asn: 65001,
    md5_key: 'key',
    extra_prefixes: ['10.1.0.0/16'],
    import_filter_id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    export_filter_id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
  },
} as const satisfies CreateIpsecTunnelRequest;

export type Path = readonly (string | number)[];

/** The minimal request, with BGP where the path leads into it, and the value at the path. */
export function requestWith(path: Path, value: unknown): unknown {
  const base =
    path[0] === 'bgp' && path.length > 1 ? { ...MINIMAL_REQUEST, bgp: { customer_asn: 65001 } } : MINIMAL_REQUEST;
  return put(base, path, value);
}

/** A copy of the target with the value at the path; `undefined` takes the key out. */
export function put(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target))
    return target.map((item: unknown, index) => (index === key ? put(item, rest, value) : item));
  const entries = new Map(Object.entries(typeof target === 'object' && target !== null ? target : {}));
  const inner = put(entries.get(`${key}`), rest, value);
  if (inner === undefined) entries.delete(`${key}`);
  else entries.set(`${key}`, inner);
  return Object.fromEntries(entries);
}

/** Every issue of the body; none when it is accepted. */
export function issuesOf(body: unknown, rules: Partial<IpsecTunnelRules> = {}): Issue[] {
  const parsed = createIpsecTunnelRequestSchema({ ...REFERENCE_RULES, ...rules }).safeParse(body);
  return parsed.success ? [] : toIssues(parsed.error);
}

/** What an accepted body becomes; throws on one that is rejected. */
export function accepted(body: unknown, rules: Partial<IpsecTunnelRules> = {}): CreateIpsecTunnelRequest {
  return createIpsecTunnelRequestSchema({ ...REFERENCE_RULES, ...rules }).parse(body);
}

interface AcceptedValue {
  readonly value: unknown;
  readonly why: string;
}

interface RejectedValue extends AcceptedValue {
  /** A part of the line that a person reads, the suggestion included. */
  readonly says: string;
  /** The fix that is offered; none when left out. */
  readonly offers?: string;
  /** Where in the value the issue is, when it is not the value itself. */
  readonly inside?: Path;
}

interface FieldTable {
  readonly accepts?: readonly AcceptedValue[];
  readonly rejects: readonly RejectedValue[];
}

interface FieldOptions {
  readonly rules?: Partial<IpsecTunnelRules>;
  /** The value a suggestion stands for, where that is not the text itself. */
  readonly fromSuggestion?: (suggestion: string) => unknown;
}

/** Tests every row: an accepted value comes through unchanged, a rejected one has one issue and a fix that works. */
export function testField(
  title: string,
  path: Path,
  { accepts = [], rejects }: FieldTable,
  options: FieldOptions = {},
) {
  const { rules, fromSuggestion = (suggestion) => suggestion } = options;
  describe(title, () => {
    if (accepts.length > 0) {
      it.each(accepts)('accepts $value as it is: $why', ({ value }) => {
        const body = requestWith(path, value);
        expect(accepted(body, rules)).toStrictEqual(body);
      });
    }

    it.each(rejects)('rejects $value: $why', ({ value, says, offers, inside = [] }) => {
      const [issue, ...others] = issuesOf(requestWith(path, value), rules);
      expect(others).toEqual([]);
      expect(issue?.path).toEqual([...path, ...inside]);
      expect(issue && issueText(issue)).toContain(says);
      expect(issue?.suggestion).toBe(offers);
      if (offers === undefined) return;
      const fixed = put(value, inside, fromSuggestion(offers));
      expect(issuesOf(requestWith(path, fixed), rules)).toEqual([]);
    });
  });
}

/** Rows for values of every JSON type but those the field takes. */
export function wrongTypes(
  wanted: string,
  ...types: readonly ('string' | 'number' | 'boolean' | 'array' | 'object')[]
) {
  const samples = { string: 'yes', number: 1, boolean: true, array: [], object: {} };
  return [
    { value: null, says: `must be ${wanted}, not null`, why: 'null is not absent' },
    ...types.map((type) => ({
      value: samples[type],
      says: `must be ${wanted}, not ${/^[ao]/.test(type) ? 'an' : 'a'} ${type}`,
      why: `${/^[ao]/.test(type) ? 'an' : 'a'} ${type} is not converted`,
    })),
  ];
}

export const NOT_A_STRING = wrongTypes('a string', 'number', 'boolean', 'array', 'object');
export const NOT_A_BOOLEAN = [
  ...wrongTypes('true or false', 'string', 'number', 'array', 'object'),
  { value: 'true', says: 'must be true or false, not a string', why: 'a word is not a boolean' },
  { value: 0, says: 'must be true or false, not a number', why: 'zero is not a boolean' },
];
