import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, type IpAddress, parseIp } from '../../src/ip/address.ts';
import { type Cidr, firstAddress, parseCidr, peerAddress } from '../../src/ip/cidr.ts';
import { adviseOnField } from '../../src/ipsec-tunnels/advisories.ts';
import { indexTunnels } from '../../src/ipsec-tunnels/conflicts.ts';
import { replaceEntry, splitPrefixes } from '../../src/ipsec-tunnels/prefix-list.ts';
import {
  type IpsecTunnelField,
  type IpsecTunnelRules,
  ipsecTunnelFields,
  issuesOnField,
} from '../../src/ipsec-tunnels/request.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, REFERENCE_RULES } from './validating.ts';

/** Ways in which a text comes out of a chat, a spreadsheet or a document, none of which changes what it stands for. */
const disguise = fc
  .array(
    fc.oneof(
      fc.constant((text: string) => text.replace(/\d/, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))),
      fc.constantFrom(' ', '\t', '\u00a0', '\n').map((blank) => (text: string) => `${blank}${text}${blank}`),
      fc.constantFrom('""', "''", '“”', '‘’', '«»').map((marks) => (text: string) => `${marks[0]}${text}${marks[1]}`),
      fc.constantFrom(' / ', '/ ', '\u00a0/').map((slash) => (text: string) => text.replace('/', slash)),
      fc.tuple(fc.nat(), fc.constantFrom('\u200b', '\u202e', '\u2066', '\ufeff', '\u00ad')).map(
        ([at, hidden]) =>
          (text: string) =>
            text.slice(0, at % (text.length + 1)) + hidden + text.slice(at % (text.length + 1)),
      ),
    ),
    { maxLength: 3 },
  )
  .map((steps) => (text: string) => steps.reduce((disguised, step) => step(disguised), text));

const lastOctets = fc.tuple(fc.nat(255), fc.nat(255)).map((octets) => octets.join('.'));
const ipv4 = fc
  .tuple(fc.constantFrom('10.0', '172.16', '192.168', '169.254', '162.159', '8.8'), lastOctets)
  .map((parts) => parts.join('.'));
const linkLocal = fc.tuple(fc.integer({ min: 240, max: 255 }), fc.nat(255)).map(([a, b]) => `169.254.${a}.${b}`);
const ipv6 = fc
  .tuple(fc.constantFrom('2001:db8:1:', 'fd00::', '2001:DB8:0:1::'), fc.nat(0xffff))
  .map(([start, last]) => `${start}${start.endsWith('::') ? '' : ':'}${last.toString(16)}`);

const shortLengths = fc.constantFrom(0, 8, 16, 24, 28, 29);
const ipv4Length = fc.oneof(shortLengths, fc.constantFrom(30, 31, 32));
const ipv6Length = fc.constantFrom(0, 48, 64, 112, 125, 126, 127, 128);

/** What was written, in plain form: an address, and a length unless there was none. */
interface Written {
  readonly text: string;
  readonly address: string;
  readonly prefixLength: number | undefined;
}

const writtenIpv4: fc.Arbitrary<Written> = fc
  .tuple(fc.oneof(ipv4, linkLocal), ipv4Length, fc.constantFrom('none', 'length', 'network', 'mask', 'router'))
  .map(([given, prefixLength, form]) => {
    const block = parsed(`${given}/${prefixLength}`);
    const address = form === 'network' ? formatIp(firstAddress(block)) : given;
    const mask = formatIp({ version: 4, value: (1n << 32n) - (1n << BigInt(32 - prefixLength)) });
    if (form === 'none') return { address, prefixLength: undefined, text: address };
    const behind = { length: `/${prefixLength}`, network: `/${prefixLength}`, mask: `/${mask}`, router: ` ${mask}` };
    return { address, prefixLength, text: address + behind[form] };
  });

const writtenIpv6: fc.Arbitrary<Written> = fc
  .tuple(ipv6, ipv6Length, fc.constantFrom('none', 'length', 'network'))
  .map(([given, prefixLength, form]) => {
    if (form === 'none') return { address: given, prefixLength: undefined, text: given };
    const address = form === 'network' ? formatIp(firstAddress(parsed(`${given}/${prefixLength}`))) : given;
    return { address, prefixLength, text: `${address}/${prefixLength}` };
  });

function parsed(text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`the test wrote ${text}`);
  return block;
}

/** Both ends of the tunnel as written: the other one is known only where the length leaves no choice. */
function endsOf({ address, prefixLength }: Written): (IpAddress | undefined)[] {
  const own = parseIp(address);
  if (own === undefined || prefixLength === undefined) return [own];
  const peer = peerAddress({ address: own, prefixLength });
  return peer === undefined ? [own] : [own, peer];
}

/** Checks every suggestion for a field: it leaves no issue, and `keeps` what was written. Fails when there was none. */
function checkSuggestions<Value extends { readonly text: string }>(
  field: IpsecTunnelField,
  values: fc.Arbitrary<Value>,
  keeps: (suggestion: string, value: Value) => void,
  { rules = {}, toValue = (text: string): unknown => text }: Options = {},
): void {
  const fields = ipsecTunnelFields({ ...REFERENCE_RULES, ...rules });
  let offered = 0;
  fc.assert(
    fc.property(values, disguise, (value, disguised) => {
      for (const { suggestion } of issuesOnField(fields, field, disguised(value.text))) {
        if (suggestion === undefined) continue;
        offered += 1;
        expect(issuesOnField(fields, field, toValue(suggestion))).toEqual([]);
        keeps(suggestion, value);
      }
    }),
    { numRuns: 1000 },
  );
  expect(offered).toBeGreaterThan(50);
}

interface Options {
  readonly rules?: Partial<IpsecTunnelRules>;
  readonly toValue?: (suggestion: string) => unknown;
}

describe('a suggestion leaves no issue on its field', () => {
  it.each(['reference', 'guide'] as const)('and both ends of a tunnel as they were, by the %s', (rules) => {
    checkSuggestions(
      'interface_address',
      writtenIpv4,
      (suggestion, written) => {
        const block = parsed(suggestion);
        expect([block.address, peerAddress(block)]).toEqual(expect.arrayContaining(endsOf(written)));
        expect(block.address).toEqual(parseIp(written.address));
      },
      { rules: { interfaceAddressRules: rules } },
    );
  });

  it('and offers no /31 where a /30 is as possible', () => {
    const either = fc
      .oneof(ipv4, linkLocal)
      .filter((address) => [1, 2].includes(Number(address.split('.')[3]) % 4))
      .map((text) => ({ text }));
    const fields = ipsecTunnelFields({ ...REFERENCE_RULES, interfaceAddressRules: 'guide' });
    fc.assert(
      fc.property(either, disguise, ({ text }, disguised) => {
        const issues = issuesOnField(fields, 'interface_address', disguised(text));
        expect(issues.map(({ suggestion }) => suggestion)).toEqual([undefined]);
      }),
    );
  });

  it.each([undefined, '2001:db8::/32'])('and both ends as they were in IPv6, in the virtual_subnet6 %s', (subnet) => {
    checkSuggestions(
      'interface_address6',
      writtenIpv6,
      (suggestion, written) => {
        const block = parsed(suggestion);
        expect([block.address, peerAddress(block)]).toEqual(expect.arrayContaining(endsOf(written)));
        expect(block.address).toEqual(parseIp(written.address));
      },
      { rules: { virtualSubnet6: subnet } },
    );
  });

  it.each(['cloudflare_endpoint', 'customer_endpoint', 'health_check.target'] as const)(
    'and the address as it was in %s',
    (field) => {
      checkSuggestions(field, fc.oneof(writtenIpv4, writtenIpv6), (suggestion, { address }) => {
        expect(parseIp(suggestion)).toEqual(parseIp(address));
      });
    },
  );

  it('and the network as it was in a list of prefixes', () => {
    const fields = ipsecTunnelFields(REFERENCE_RULES);
    const ornament = fc.constantFrom('', '- ', '• ', '1. ', '[', '"', '{ ');
    let offered = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(ornament, writtenIpv4, disguise), { minLength: 1, maxLength: 4 }), (entries) => {
        const text = entries.map(([before, { text: plain }, disguised]) => before + disguised(plain)).join(',\n');
        const issues = issuesOnField(fields, 'bgp.extra_prefixes', splitPrefixes(text));
        const after = issues.reduceRight((list, { path, suggestion }) => {
          if (suggestion === undefined) return list;
          offered += 1;
          return replaceEntry(list, Number(path.at(-1)), suggestion);
        }, text);
        const unfixable = issues.filter(({ suggestion }) => suggestion === undefined).length;
        expect(issuesOnField(fields, 'bgp.extra_prefixes', splitPrefixes(after))).toHaveLength(unfixable);
        if (unfixable > 0) return;
        expect(splitPrefixes(after).map(parsed)).toEqual(
          entries.map(([, { address, prefixLength }]) => {
            const block = parsed(`${address}/${prefixLength}`);
            return { address: firstAddress(block), prefixLength: block.prefixLength };
          }),
        );
      }),
      { numRuns: 500 },
    );
    expect(offered).toBeGreaterThan(100);
  });

  it('and the label, up to its hyphens, and the account in a custom identity', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_. -]{0,8}[a-zA-Z0-9]$/);
    const account = fc.constantFrom('', ACCOUNT_ID, ACCOUNT_ID.toUpperCase(), OTHER_ACCOUNT_ID, '1234567');
    const values = fc.tuple(label, account, fc.constantFrom('', '.')).map(([name, id, end]) => ({
      name,
      id: id.toLowerCase() || ACCOUNT_ID,
      text: id === '' ? name : `${name}.${id}.custom.ipsec.cloudflare.com${end}`,
    }));
    checkSuggestions('custom_remote_identities.fqdn_id', values, (suggestion, { name, id }) => {
      const [offeredLabel, offeredId] = suggestion.split('.');
      expect(offeredId).toBe(id);
      expect(offeredLabel?.replaceAll('-', '')).toBe(name.replaceAll(/[-_. ]/g, ''));
    });
  });

  it('and the number as it was in an ASN', () => {
    const plain = fc.nat(4_294_967_295).map((asn) => ({ asn, text: String(asn) }));
    const written = fc.oneof(
      plain,
      plain.map(({ asn }) => ({ asn, text: `AS${asn}` })),
      plain.map(({ asn }) => ({ asn, text: asn.toLocaleString('en') })),
      plain.map(({ asn }) => ({ asn, text: asn.toLocaleString('de-CH') })),
      // Two digits: three behind a dot may be thousands as well.
      fc.tuple(fc.nat(65535), fc.integer({ min: 10, max: 99 })).map(([high, low]) => ({
        asn: high * 65536 + low,
        text: `${high}.${low}`,
      })),
      // As a spreadsheet writes a number: never offered as anything else.
      fc.integer({ min: 1, max: 65535 }).map((asn) => ({ asn, text: `${asn}.0` })),
    );
    checkSuggestions('bgp.customer_asn', written, (suggestion, { asn }) => expect(Number(suggestion)).toBe(asn), {
      toValue: Number,
    });
  });

  it('and no advisory on a name', () => {
    const otherTunnels = indexTunnels([{ name: 'branch-1', interface_address: '10.0.0.0/31' }]);
    const context = { otherTunnels, interfaceAddressRules: 'reference' } as const;
    const names = fc.oneof(
      fc.constantFrom('branch 1', 'Branch  1', 'branch-１'),
      fc.stringMatching(/^[A-Za-z _.-]{1,12}$/),
    );
    let offered = 0;
    fc.assert(
      fc.property(names, disguise, (name, disguised) => {
        for (const { suggestion } of adviseOnField('name', { name: disguised(name) }, context)) {
          if (suggestion === undefined) continue;
          offered += 1;
          expect(adviseOnField('name', { name: suggestion }, context)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
    expect(offered).toBeGreaterThan(50);
  });
});
