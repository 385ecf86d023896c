import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviseOn } from '../../src/ipsec-tunnels/advisories.ts';
import { indexTunnels } from '../../src/ipsec-tunnels/conflicts.ts';
import {
  type IpsecTunnelField,
  type IpsecTunnelRules,
  ipsecTunnelFields,
  issuesOnField,
} from '../../src/ipsec-tunnels/request.ts';
import { type Issue, issueText } from '../../src/issues.ts';
import { nearMisses, writtenIpv4, writtenIpv6 } from '../ip/written-addresses.ts';
import {
  ACCOUNT_ID,
  accepted,
  FULL_REQUEST,
  issuesOf,
  MINIMAL_REQUEST,
  OTHER_ACCOUNT_ID,
  type Path,
  put,
  REFERENCE_RULES,
  requestWith,
} from './validating.ts';

const REQUIRED = ['name', 'cloudflare_endpoint', 'interface_address', 'bgp.customer_asn'];
const FIELDS = fieldsIn(FULL_REQUEST);
const OPTIONAL = FIELDS.filter((field) => !REQUIRED.includes(field));

/** Every key of the value as a dotted path, groups before what is in them. */
function fieldsIn(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const within = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? fieldsIn(inner) : [];
    return [key, ...within.map((field) => `${key}.${field}`)];
  });
}

describe('a request', () => {
  it('needs no more than a name, a Cloudflare endpoint and an interface address', () => {
    expect(accepted(MINIMAL_REQUEST)).toStrictEqual(MINIMAL_REQUEST);
  });

  it('may have every field there is, and comes through unchanged', () => {
    expect(accepted(FULL_REQUEST)).toStrictEqual(FULL_REQUEST);
  });

  it.each(OPTIONAL)('may leave out %s, and no default takes its place', (field) => {
    const path = field.split('.');
    const body = put(FULL_REQUEST, path, undefined);
    expect(body).not.toHaveProperty(path);
    expect(accepted(body)).toStrictEqual(body);
  });

  it.each(REQUIRED)('may not leave out %s', (field) => {
    const path = field.split('.');
    expect(issuesOf(put(FULL_REQUEST, path, undefined))).toMatchObject([{ path }]);
  });

  it('names everything that is missing at once', () => {
    expect(issuesOf({ bgp: {} }).map(({ path }) => path.join('.'))).toEqual(REQUIRED);
  });

  it.each(FIELDS)('may not have null for %s', (field) => {
    const path = field.split('.');
    expect(issuesOf(put(FULL_REQUEST, path, null))).toMatchObject([{ path }]);
  });

  it.each([
    { body: undefined, says: 'the body must be a JSON object', why: 'nothing' },
    { body: null, says: 'must be an object, not null', why: 'null' },
    { body: [], says: 'must be an object, not an array', why: 'a list' },
    { body: [MINIMAL_REQUEST], says: 'must be an object, not an array', why: 'a list of requests' },
    { body: JSON.stringify(MINIMAL_REQUEST), says: 'must be an object, not a string', why: 'JSON inside a text' },
    { body: 5, says: 'must be an object, not a number', why: 'a number' },
  ])('may not be $why', ({ body, says }) => {
    const issues = issuesOf(body);
    expect(issues).toMatchObject([{ path: [] }]);
    expect(issues.map(issueText).join()).toContain(says);
  });
});

describe('the schemas of the fields', () => {
  const fields = ipsecTunnelFields(REFERENCE_RULES);
  const paths = Object.keys(fields).filter((path): path is IpsecTunnelField => path in fields);

  it('are those of every field that the request has', () => {
    const groups = ['custom_remote_identities', 'health_check', 'bgp'];
    expect(paths.toSorted()).toEqual(FIELDS.filter((path) => !groups.includes(path)).toSorted());
  });

  it('find the issues that the whole request is told of, whatever is in it', () => {
    const value = fc.oneof(
      fc.constantFrom(undefined, null, '', 'x', '10.0.0.0/31', '10.0.0.0/24', '2001:db8::2/127', 65001, true, 'mid'),
      fc.array(fc.constantFrom('10.0.0.0/8', '10.0.0.1/8', 5)),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: paths.length, maxLength: paths.length }), (values) => {
        const body = paths.reduce<unknown>((request, path, index) => put(request, path.split('.'), values[index]), {
          bgp: { customer_asn: 65001 },
        });
        const found = paths.flatMap((path, index) => issuesOnField(fields, path, values[index]));
        expect(sorted(found)).toEqual(sorted(issuesOf(body)));
      }),
    );
  });

  it('have the path of an entry in a list', () => {
    expect(issuesOnField(fields, 'bgp.extra_prefixes', ['10.0.0.0/8', 'x'])).toMatchObject([
      { path: ['bgp', 'extra_prefixes', 1] },
    ]);
  });

  function sorted(issues: readonly Issue[]): Issue[] {
    return issues.toSorted((a, b) => a.path.join('.').localeCompare(b.path.join('.')));
  }
});

describe('an unknown key is rejected by its name', () => {
  it.each([
    { path: ['cloudfare_endpoint'], known: 'cloudflare_endpoint', why: 'misspelled' },
    { path: ['Name'], known: 'name', why: 'a capital letter' },
    { path: ['name '], known: 'name', why: 'a trailing space' },
    { path: ['id'], known: 'name', why: 'a field of the response' },
    { path: ['account_id'], known: 'name', why: 'it belongs in the path' },
    { path: ['validate_only'], known: 'name', why: 'it belongs in the query' },
    { path: ['x-magic-new-hc-target'], known: 'name', why: 'it belongs in the header' },
    { path: ['custom_remote_identities', 'fqdn'], known: 'fqdn_id', why: 'misspelled' },
    { path: ['health_check', 'interval'], known: 'rate', why: 'of no meaning here' },
    { path: ['bgp', 'asn'], known: 'customer_asn', why: 'misspelled' },
    { path: ['bgp', 'import_filter'], known: 'import_filter_id', why: 'misspelled' },
  ])('$path: $why', ({ path, known }) => {
    const issues = issuesOf(requestWith(path, 'anything'));
    expect(issues).toMatchObject([{ path }]);
    expect(issues.map(issueText).join()).toMatch(new RegExp(`^unknown key; known here: .*\\b${known}\\b`));
  });

  it('even when its value is null', () => {
    expect(issuesOf({ ...MINIMAL_REQUEST, pks: null })).toMatchObject([{ path: ['pks'] }]);
  });

  it('beside every other unknown key and every wrong value', () => {
    const body = { ...MINIMAL_REQUEST, name: '', a: 1, b: 2, bgp: { customer_asn: -1, c: 3 } };
    const paths = issuesOf(body).map(({ path }) => path.join('.'));
    expect(paths.toSorted()).toEqual(['a', 'b', 'bgp.c', 'bgp.customer_asn', 'name']);
  });

  it('that only a JSON text can have', () => {
    const body: unknown = JSON.parse(JSON.stringify(MINIMAL_REQUEST).replace('{', '{"__proto__":{"psk":"x"},'));
    expect(issuesOf(body)).toMatchObject([{ path: ['__proto__'] }]);
  });
});

describe('white space around a value', () => {
  it.each([
    'cloudflare_endpoint',
    'customer_endpoint',
    'interface_address',
    'interface_address6',
    'custom_remote_identities.fqdn_id',
    'health_check.rate',
    'health_check.type',
    'health_check.direction',
    'health_check.target',
    'bgp.import_filter_id',
    'bgp.export_filter_id',
  ])('makes %s wrong', (dotted) => {
    const path = dotted.split('.');
    fc.assert(
      fc.property(fc.constantFrom(' ', '\t', '\n', '\r\n', '\u00a0', '\ufeff'), fc.boolean(), (space, isInFront) => {
        const text = textAt(FULL_REQUEST, path);
        const padded = put(FULL_REQUEST, path, isInFront ? space + text : text + space);
        expect(issuesOf(padded)).toMatchObject([{ path }]);
      }),
    );
  });

  it.each(['name', 'description', 'psk'])('stays part of %s', (key) => {
    const body = put(FULL_REQUEST, [key], ' \t padded \n');
    expect(accepted(body)).toStrictEqual(body);
  });
});

function textAt(value: unknown, path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (inner, key) => new Map(Object.entries(typeof inner === 'object' && inner !== null ? inner : {})).get(key),
    value,
  );
  if (typeof found !== 'string') throw new Error(`no text at ${path.join('.')}`);
  return found;
}

describe('a suggestion', () => {
  const ipv4Texts = writtenIpv4.map(({ text }) => text);
  const ipv6Texts = writtenIpv6.map(({ text }) => text);
  const privateTexts = fc
    .tuple(fc.constantFrom('10.0.', '172.16.', '172.31.', '192.168.', '169.254.240.', '169.254.255.'), ipv4Texts)
    .map(([start, address]) => [...start.split('.').slice(0, -1), ...address.split('.')].slice(0, 4).join('.'));
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: 128 }).map((length) => `/${length}`),
    fc.constantFrom('', '/31', '/30', '/127', '/255.255.255.254', ' 255.255.255.252', '/255.0.0.0', '%eth0'),
  );
  const written = (addresses: fc.Arbitrary<string>) => {
    const texts = fc.tuple(addresses, lengths).map(([address, length]) => address + length);
    return fc.oneof(texts, nearMisses(texts));
  };
  const anyAddress = written(
    fc.oneof(
      ipv4Texts,
      ipv6Texts,
      ipv6Texts.map((text) => `[${text}]`),
    ),
  );
  const identities = fc
    .tuple(
      fc.oneof(fc.stringMatching(/^[a-zA-Z0-9-]{1,8}$/), fc.stringMatching(/^[a-zA-Z0-9_.-]{0,64}$/)),
      fc.constantFrom('', '.', `.${ACCOUNT_ID}`, `.${OTHER_ACCOUNT_ID}`, `.${ACCOUNT_ID.toUpperCase()}`),
      fc.constantFrom('', '.custom.ipsec.cloudflare.com', '.CUSTOM.ipsec.cloudflare.com.', '.example.com', '\n'),
    )
    .map((parts) => parts.join(''));

  const virtualSubnet6 = '2001:db8::/32';
  const inVirtualSubnet6 = fc.oneof(
    ipv6Texts,
    ipv6Texts.map((text) => text.replace(/^[^:]*:[^:]*/, '2001:db8')),
  );

  interface FieldWithSuggestions {
    readonly field: string;
    readonly path: Path;
    readonly texts: fc.Arbitrary<string>;
    readonly rules?: Partial<IpsecTunnelRules>;
  }
  const fields: FieldWithSuggestions[] = [
    { field: 'cloudflare_endpoint', path: ['cloudflare_endpoint'], texts: anyAddress },
    { field: 'customer_endpoint', path: ['customer_endpoint'], texts: anyAddress },
    { field: 'interface_address', path: ['interface_address'], texts: written(privateTexts) },
    {
      field: 'interface_address by the guide',
      path: ['interface_address'],
      texts: written(privateTexts),
      rules: { interfaceAddressRules: 'guide' },
    },
    { field: 'interface_address6', path: ['interface_address6'], texts: written(ipv6Texts) },
    {
      field: 'interface_address6 in a virtual_subnet6',
      path: ['interface_address6'],
      texts: written(inVirtualSubnet6),
      rules: { virtualSubnet6 },
    },
    { field: 'fqdn_id', path: ['custom_remote_identities', 'fqdn_id'], texts: identities },
    { field: 'health_check.target', path: ['health_check', 'target'], texts: anyAddress },
    {
      field: 'health_check.target.saved',
      path: ['health_check', 'target', 'saved'],
      texts: anyAddress,
      rules: { healthCheckTarget: 'object' },
    },
  ];

  it.each(fields)('for $field is itself accepted', ({ path, texts, rules }) => {
    expectSuggestionsToBeAccepted(texts, (text) => issuesOf(requestWith(path, text), rules));
  });

  it('for an entry of bgp.extra_prefixes is itself accepted', () => {
    const path = ['bgp', 'extra_prefixes'];
    expectSuggestionsToBeAccepted(anyAddress, (text) => issuesOf(requestWith(path, [text])));
  });

  it('for bgp.customer_asn is itself accepted, as the number it stands for', () => {
    const path = ['bgp', 'customer_asn'];
    const number = fc.bigInt({ min: 0n, max: 1n << 33n }).map(String);
    const asdot = fc.tuple(fc.nat(0x1_0010), fc.nat(0x1_0010)).map((halves) => halves.join('.'));
    const texts = fc
      .tuple(fc.constantFrom('', 'AS', 'as ', ' ', '0'), fc.oneof(number, asdot))
      .map((parts) => parts.join(''));
    expectSuggestionsToBeAccepted(
      texts,
      (text) => issuesOf(requestWith(path, text)),
      (suggestion) => issuesOf(requestWith(path, Number(suggestion))),
    );
  });

  function expectSuggestionsToBeAccepted(
    texts: fc.Arbitrary<string>,
    validate: (text: string) => readonly Issue[],
    validateSuggestion = validate,
  ) {
    let offered = 0;
    fc.assert(
      fc.property(texts, (text) => {
        for (const { suggestion } of validate(text)) {
          if (suggestion === undefined) continue;
          offered += 1;
          expect(validateSuggestion(suggestion)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
    // Without any, nothing has been tested.
    expect(offered).toBeGreaterThan(0);
  }
});

describe('the pre-shared key', () => {
  const secrets = fc.stringMatching(/^[A-Za-z0-9!"#$%&'()*+,./:;<=>?@[\]^_`{|}~ -]{8,40}$/).filter(isOnlyItself);
  const everythingWrong = {
    name: '',
    cloudflare_endpoint: 'x',
    interface_address: 'x',
    interface_address6: 'x',
    custom_remote_identities: { fqdn_id: 'x' },
    health_check: { rate: 'x', target: 'x' },
    bgp: { customer_asn: 'x', md5_key: '"', extra_prefixes: ['x'] },
  };

  /** Whether no message could have these characters by chance. */
  function isOnlyItself(secret: string): boolean {
    const texts = [...issuesOf({ ...everythingWrong, x: 1, psk: [] }).map(issueText), ...advice({ psk: 'short ' })];
    return !texts.some((text) => text.includes(secret));
  }

  function advice(request: object): string[] {
    const context = { otherTunnels: indexTunnels([]), interfaceAddressRules: 'reference' } as const;
    return adviseOn(request, context).map(issueText);
  }

  it.each([
    { wrap: (secret: string) => secret, why: 'right, beside fields that are all wrong' },
    { wrap: (secret: string) => [secret], why: 'in a list' },
    { wrap: (secret: string) => ({ key: secret }), why: 'in an object' },
    { wrap: (secret: string) => ({ [secret]: true }), why: 'as a key of an object' },
    { wrap: (secret: string) => ` ${secret}\n`, why: 'with white space around it' },
  ])('is in no message, whether $why', ({ wrap }) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const body = { ...everythingWrong, psk: wrap(secret) };
        const texts = [...issuesOf(body).map(issueText), ...advice(body)];
        expect(texts.length).toBeGreaterThan(9);
        expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      }),
    );
  });

  it('is in no message under a misspelled key', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const issues = issuesOf({ ...MINIMAL_REQUEST, pks: secret });
        expect(issues).toMatchObject([{ path: ['pks'] }]);
        expect(JSON.stringify(issues)).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
    );
  });

  it('is in no message when it was given as a number', () => {
    expect(JSON.stringify(issuesOf({ ...MINIMAL_REQUEST, psk: 8675309867 }))).not.toContain('8675309867');
  });
});
